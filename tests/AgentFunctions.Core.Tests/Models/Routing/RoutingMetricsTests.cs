using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Routing;
using AgentFunctions.Core.Policies.Routing;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models.Routing;

/// <summary>What the router counts. Other tests count at the same time, so that only tags of models that stand in for no other test's are looked at.</summary>
public sealed class RoutingMetricsTests
{
    [Fact]
    public async Task Counters_EachThingThatHappened_IsCountedWithItsTags()
    {
        var counted = new ConcurrentBag<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => { if (instrument.Meter.Name == "AgentFunctions.Routing") listening.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => counted.Add($"{instrument.Name}+{value} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}"));
        listener.Start();
        var models = new TieredModels();
        models.Spare.Says(new TimeoutException("late"));
        var catalog = models.Catalog(new RoutingOptions { Chains = { ["spare"] = ["middle"], ["fast"] = ["spare"] } });

        await catalog.Resolve("spare").Client.GetResponseAsync([new ChatMessage(ChatRole.User, "Who?")], new ChatOptions { AdditionalProperties = new() { [ModelProperties.Accept] = new AnswerCheck { Labels = ["a"] } } });

        Assert.Contains("agentfunctions.routing.routes+1 asked=spare first=spare", counted);
        Assert.Contains("agentfunctions.routing.fallbacks+1 from=spare to=middle error=TimeoutException", counted);
        Assert.Contains("agentfunctions.routing.unaccepted+1 asked=spare", counted);
        await catalog.Resolve("fast").Client.GetResponseAsync([new ChatMessage(ChatRole.User, "Who?")], new ChatOptions { AdditionalProperties = new() { [ModelProperties.Accept] = new AnswerCheck { Labels = ["a"] } } });
        Assert.Contains("agentfunctions.routing.escalations+1 from=fast to=balanced", counted);
    }
}
