using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentFunctions.CrashHost;

/// <summary>Gives a host effects that leave a trace: the tool <c>ledger</c>, and models that write down what they are asked.</summary>
internal static class LedgerServices
{
    /// <summary>The line of a tool call.</summary>
    public static string ToolEffect(string instanceId, string name) => $"{instanceId} {name}";

    public static IServiceCollection AddLedger(this IServiceCollection services, EffectLedger ledger) => services
        .AddTool(AIFunctionFactory.Create(CallAsync, "ledger", "Writes down that it was called, then takes its time."))
        .AddSingleton(ledger)
        .AddSingleton<IModelCatalog>(host => new LedgerModels(new ModelCatalog(host.GetRequiredService<ModelOptions>(), TimeProvider.System), ledger));

    private static async Task<string> CallAsync(string name, int milliseconds, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var call = (ActivityContext)arguments.Context![typeof(ActivityContext)]!;
        var ledger = arguments.Services!.GetRequiredService<EffectLedger>();
        ledger.Add(ToolEffect(call.InstanceId, name));
        await Task.Delay(ledger.IsKept ? milliseconds : 0, cancellationToken);
        return $"done {name}";
    }
}
