using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Routing;
using AgentFunctions.Core.Policies.Routing;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Tests.Models.Routing;

/// <summary>Whatever three models do, in one piece or as a stream: no model is asked twice, what the reply tells is what happened, and its cost is that of all the models that answered.</summary>
public sealed class RoutedCallRandomTests
{
    private static readonly Dictionary<string, decimal> Prices = new(StringComparer.Ordinal) { ["small"] = 0.002m, ["middle"] = 0.02m, ["big"] = 0.2m };

    [Fact]
    public void Call_AnyOutcomes_TellsTheTruth()
    {
        var cases =
            from outcomes in Gen.ArrayOf(Gen.Elements("good", "bad", "throttled", "open", "down", "late"), 3)
            from asked in Gen.Elements("auto", "fast", "balanced", "capable", "middle")
            from order in Gen.Elements(Enum.GetValues<FallbackOrder>())
            from named in Gen.Elements(true, false)
            from required in Gen.Elements(true, false)
            from streams in Gen.Elements(true, false)
            select (outcomes, asked, order, named, required, streams);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(600), Prop.ForAll(cases.ToArbitrary(), @case =>
            IsTrueAsync(@case.outcomes, @case.asked, new RoutingOptions { Fallback = @case.order, NamedTiers = @case.named }, @case.required, @case.streams).GetAwaiter().GetResult()));
    }

    private static async Task<bool> IsTrueAsync(string[] outcomes, string asked, RoutingOptions routing, bool required, bool streams)
    {
        var models = new TieredModels();
        foreach (var (model, outcome) in ((TierModel[])[models.Small, models.Middle, models.Big]).Zip(outcomes)) model.Says(Next(outcome));
        Dictionary<string, string> by = new(StringComparer.Ordinal) { ["small"] = outcomes[0], ["middle"] = outcomes[1], ["big"] = outcomes[2] };
        var client = models.Catalog(routing).Resolve(asked).Client;
        var options = new ChatOptions { AdditionalProperties = new() { [ModelProperties.Accept] = new AnswerCheck { Labels = ["good"], Required = required } } };
        ChatResponse? response = null;
        Exception? error = null;
        try
        {
            ChatMessage[] messages = [new(ChatRole.User, "Who?")];
            response = streams ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : await client.GetResponseAsync(messages, options);
        }
        catch (Exception caught) when (caught is AnswerRejectedException or ThrottledException or ModelUnavailableException or TimeoutException)
        {
            error = caught;
        }

        if (models.Asked.Distinct(StringComparer.Ordinal).Count() != models.Asked.Count) return false;
        var answered = models.Asked.Where(model => by[model] is "good" or "bad").ToList();
        var hasGood = answered.Exists(model => by[model] == "good");

        // It ends with the first good answer; a bad one is enough only where none is required, and then there must be one.
        if (hasGood != (response?.Text.Trim() == "good") || (hasGood && by[models.Asked[^1]] != "good")) return false;
        if (response is null) return error is not null && !hasGood && (required || answered.Count == 0);
        if (required && !hasGood) return false;
        var route = (ModelRoute)response.AdditionalProperties![ModelProperties.Route]!;
        return route.Accepted == hasGood
            && route.Steps.Select(step => step.Model).SequenceEqual(models.Asked, StringComparer.Ordinal)
            && route.Steps.All(step => step.Outcome == (by[step.Model] switch { "good" => RouteOutcome.Answered, "bad" => RouteOutcome.Rejected, _ => RouteOutcome.Failed }))
            && ((Cost)response.AdditionalProperties[ModelProperties.Cost]!).Usd == answered.Sum(model => Prices[model])
            && (hasGood || response.ModelId == $"{answered.MaxBy(model => Prices[model])}-2026");
    }

    private static object Next(string outcome) => outcome switch
    {
        "throttled" => new ThrottledException("later", TimeSpan.FromMinutes(1)),
        "open" => new CircuitOpenException("m@h", "open", TimeSpan.FromSeconds(1)),
        "down" => new ModelUnavailableException("down"),
        "late" => new TimeoutException("late"),
        _ => outcome,
    };
}
