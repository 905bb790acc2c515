using System.Globalization;
using AgentFunctions.Benchmarks.Questions;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models;
using AgentFunctions.Core.Models.Routing;
using AgentFunctions.Core.Policies.Routing;
using AgentFunctions.Core.Stores;
using AgentFunctions.Local.ProviderSimulator;

namespace AgentFunctions.Benchmarks.Routing;

/// <summary>
/// What routing by escalation costs against always asking the capable tier, and what it does to the answers. Real: the questions and their labels, the classifiers that answer as the three tiers and what they know of
/// being unsure, CallModel with its check, the routing, the costs. Simulated: that these classifiers are language models; tokens are estimated from lengths, prices are the defaults of ModelOptions.
/// </summary>
internal static class RoutingBenchmark
{
    private const string Unsure = "unsure";
    private const int AtOnce = 16;
    private static readonly double[] tolerances = [0, 0.0025, 0.005, 0.01, 0.02];

    public static async Task RunAsync(string folder, int seed)
    {
        if (Banking77.Read(folder) is not { } questions)
        {
            Console.WriteLine($"routing: there is no train.csv in {folder}; name the folder by --banking77.");
            return;
        }

        var (tuned, heldOut) = Banking77.Split(questions);
        string[] labels = [.. questions.Select(question => question.Intent).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var classifiers = new TierClassifiers(tuned, seed);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"routing: {heldOut.Count} held-out questions of BANKING77, {labels.Length} labels, seed {seed}; aims: cost down by 60 to 80 % at equal answers"));
        Console.WriteLine("| model | right | US$ for 1,000 | calls of fast | balanced | capable |");
        Console.WriteLine("|---|---|---|---|---|---|");
        var cheap = await PassAsync(ModelTiers.Fast, null);
        await PassAsync(ModelTiers.Balanced, null);
        var capable = await PassAsync(ModelTiers.Capable, null);
        foreach (var tolerance in tolerances)
        {
            var routed = await PassAsync(ModelTiers.Auto, tolerance);
            var paired = PairedAnswers.Of(capable.Right, routed.Right);

            // The same money for a coin that sends a question to fast or to capable.
            var share = (double)((routed.Usd - cheap.Usd) / (capable.Usd - cheap.Usd));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  tolerance {tolerance:p2}: cost {((double)(routed.Usd / capable.Usd) - 1) * 100:+0.0;-0.0} %, right {paired.Difference * 100:+0.00;-0.00} ± {paired.Interval * 100:0.00} points (95 %), McNemar p = {paired.Chance:0.00} ({paired.OnlyFirst} only capable, {paired.OnlySecond} only auto); a coin for the same money: {(cheap.Share + (share * (capable.Share - cheap.Share))) * 100:0.0} % right"));
        }

        Task<Pass> PassAsync(string model, double? tolerance) => RoutingBenchmark.PassAsync(model, tolerance, classifiers, labels, heldOut);
    }

    private static async Task<Pass> PassAsync(string model, double? tolerance, TierClassifiers classifiers, string[] labels, IReadOnlyList<LabelledQuestion> questions)
    {
        var isRouted = tolerance is not null;
        var margins = tolerance is { } few ? classifiers.Margins(few) : null;
        var defaults = new ModelOptions();
        string[] names = [defaults.Fast.Name, defaults.Balanced.Name, defaults.Capable.Name];
        await using var provider = await SimulatedProvider.StartAsync(new ProviderSimulatorOptions
        {
            Port = 0,
            BaseMilliseconds = 0,
            MillisecondsPerToken = 0,
            Answer = (name, text) => classifiers.Classify(Array.IndexOf(names, name), text, margins) ?? Unsure,
        });
        var options = defaults with { Endpoint = provider.Endpoint, Key = "any" };
        var catalog = new RoutedCatalog(new ModelCatalog(options, TimeProvider.System), options, new RoutingOptions(), TimeProvider.System);
        var activity = new CallModelActivity(catalog, new MemoryContentStore(), new NoChunks());
        var instructions = $"Which of these is the customer's question about? Give the label and nothing else{(isRouted ? $", or '{Unsure}' if you can't tell" : "")}.\n{string.Join('\n', labels.Select(label => "- " + label))}";
        var accept = isRouted ? new AnswerCheck { Labels = labels } : null;
        var replies = new ModelReply[questions.Count];
        await Parallel.ForAsync(0, questions.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, token) =>
            replies[i] = await activity.RunAsync(new ActivityContext("routing", "CallModel", 1), new ModelCall { Model = model, Instructions = instructions, Purpose = ModelPurpose.Classify, Parts = [new PromptPart { Content = new Content { Text = questions[i].Text } }], Accept = accept }, token));
        var pass = new Pass([.. replies.Zip(questions).Select(pair => pair.First.Text.Text == pair.Second.Intent)], replies.Sum(reply => reply.Cost!.Usd));
        if (replies.Any(reply => reply.Cost!.Estimated)) throw new InvalidOperationException("A cost is an estimate of ours, and not what the provider reported.");
        int Calls(int tier) => isRouted ? replies.Sum(reply => reply.Route!.Steps.Count(step => step.Model == names[tier])) : ModelTiers.All[tier] == model ? questions.Count : 0;
        if (provider.Stats.Answered != Calls(0) + Calls(1) + Calls(2)) throw new InvalidOperationException($"The provider answered {provider.Stats.Answered} calls, and the replies tell of {Calls(0) + Calls(1) + Calls(2)}.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {model} | {pass.Share * 100:0.0} % | {pass.Usd * 1000 / questions.Count:0.000} | {Calls(0)} | {Calls(1)} | {Calls(2)} |"));
        return pass;
    }

    private sealed record Pass(bool[] Right, decimal Usd)
    {
        public double Share => Right.Average(right => right ? 1.0 : 0);
    }

    private sealed class NoChunks : IChunkReader
    {
        public ValueTask<string> ReadAsync(ChunkAddress chunk, CancellationToken cancellationToken) => throw new NotSupportedException("This benchmark has no chunks.");
    }
}
