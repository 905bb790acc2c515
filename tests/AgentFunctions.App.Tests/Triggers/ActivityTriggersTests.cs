using System.Reflection;
using System.Text.Json;
using AgentFunctions.App.Durable;
using AgentFunctions.App.Triggers;
using Microsoft.Azure.Functions.Worker;

namespace AgentFunctions.App.Tests.Triggers;

public sealed class ActivityTriggersTests
{
    [Fact]
    public async Task EachFunction_RunsTheActivityOfItsOwnName()
    {
        using var app = new AppFixture();
        var triggers = new ActivityTriggers(app.Activities, app.Api);
        foreach (var method in typeof(ActivityTriggers).GetMethods().Where(m => m.IsDefined(typeof(FunctionAttribute))))
        {
            // No envelope: whichever activity is run refuses it and names itself.
            var arguments = method.GetParameters().Select(p => p.ParameterType == typeof(JsonElement) ? JsonElement.Parse("null") : p.ParameterType == typeof(CancellationToken) ? CancellationToken.None : (object)app.Client.Object);

            var failure = await Assert.ThrowsAsync<StepFailedException>(() => (Task)method.Invoke(triggers, [.. arguments])!);

            Assert.Contains($"'{method.GetCustomAttribute<FunctionAttribute>()!.Name}'", failure.Message, StringComparison.Ordinal);
        }
    }
}
