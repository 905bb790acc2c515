using AgentFunctions.Benchmarks.Questions;

namespace AgentFunctions.Benchmarks.Caches;

/// <summary>
/// Customers of a bank over six minutes: five at 40 % of what the model's deployment may serve, then a peak of one minute at 7.5 % above it, so that a queue builds up. All times
/// are real; a benchmark runs them faster.
/// </summary>
/// <param name="Customers">Each with the moment of the question.</param>
internal sealed record SupportTraffic(IReadOnlyList<(TimeSpan At, LabelledQuestion Question)> Customers)
{
    /// <summary>What the deployment serves in a minute.</summary>
    public const int RequestsPerMinute = 600;

    /// <summary>When the peak begins.</summary>
    public static readonly TimeSpan Peak = TimeSpan.FromMinutes(5);

    private const double Calm = 0.4;
    private const double Over = 1.075;

    public static SupportTraffic Draw(IReadOnlyList<LabelledQuestion> questions, double exponent, int seed)
    {
        var random = new Random(seed);
        var times = new List<TimeSpan>();
        Add(TimeSpan.Zero, Peak, Calm);
        Add(Peak, TimeSpan.FromMinutes(1), Over);
        var asked = Traffic.Zipf(questions, exponent, times.Count, seed);
        return new([.. times.Select((at, i) => (at, asked[i]))]);

        void Add(TimeSpan from, TimeSpan length, double load)
        {
            var count = (int)(RequestsPerMinute * load * length.TotalMinutes);
            // Evenly, each a little early or late.
            for (var i = 0; i < count; i++) times.Add(from + (length * ((i + random.NextDouble()) / count)));
        }
    }
}
