namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>How a request ends.</summary>
internal enum Outcome
{
    Answer,
    Fault,
    Malformed,
    Hang,
}

/// <summary>What is in store for a request: drawn from the seed and the request's number alone, so that concurrency changes nothing.</summary>
/// <param name="Outcome">How it ends.</param>
/// <param name="FirstToken">The time to the first token.</param>
/// <param name="CutAfter">The share of a streamed answer after which the connection is cut; null for never.</param>
internal sealed record Fate(Outcome Outcome, TimeSpan FirstToken, double? CutAfter = null)
{
    /// <summary>Draws it.</summary>
    /// <param name="options">The options.</param>
    /// <param name="number">The request's number, from 1.</param>
    public static Fate Of(ProviderSimulatorOptions options, long number)
    {
        var random = new Random(unchecked((int)Mix((ulong)(uint)options.Seed << 32 ^ (ulong)number)));
        var luck = random.NextDouble();
        var outcome = luck < options.FaultRate ? Outcome.Fault
            : luck < options.FaultRate + options.MalformedRate ? Outcome.Malformed
            : luck < options.FaultRate + options.MalformedRate + options.HangRate ? Outcome.Hang
            : Outcome.Answer;
        var firstToken = TimeSpan.FromMilliseconds(Math.Min(options.BaseMilliseconds * Factor(options, random), 3_600_000));

        // Drawn last, so that the rate of cuts changes nothing of what else a request has in store.
        double? cut = random.NextDouble() < options.CutRate ? random.NextDouble() : null;
        return new Fate(outcome, firstToken, cut);
    }

    private static double Factor(ProviderSimulatorOptions options, Random random) => options.Latency switch
    {
        LatencyShape.Uniform => 1 + (options.Spread * ((2 * random.NextDouble()) - 1)),
        // exp(σz - σ²/2) has the mean 1.
        LatencyShape.Lognormal => Math.Exp((options.Spread * Normal(random)) - (options.Spread * options.Spread / 2)),
        _ => 1,
    };

    /// <summary>A standard normal number (Box and Muller, 1958).</summary>
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Neighbouring numbers must not draw alike (splitmix64's finalizer; Steele, Lea and Flood, 2014).</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
