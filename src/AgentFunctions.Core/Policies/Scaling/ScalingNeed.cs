namespace AgentFunctions.Core.Policies.Scaling;

/// <summary>How many instances a load needs, and what of it needs most.</summary>
/// <param name="Instances">How many.</param>
/// <param name="Reason">Why, in words.</param>
internal readonly record struct ScalingNeed(int Instances, string Reason)
{
    // A quotient that is a whole number but for rounding must not ask for one more.
    private const double Rounding = 1e-9;

    /// <summary>What the load of now needs at least, for each reason there is to add instances.</summary>
    public static ScalingNeed ToAdd(ScalingRules rules, ScalingSample sample)
    {
        var each = SlotsEach(sample);
        var need = new ScalingNeed(Count(sample.Running, each * rules.TargetUtilisation), Text($"{sample.Running} of {sample.Slots} slots are taken, where {Percent(rules.TargetUtilisation)} are to be"));
        if (sample.Waiting > 0)
        {
            need = need.OrMore(Count(sample.Demand(rules.DrainWithin), each), Text($"{sample.Waiting} activities wait, {Seconds(sample.QueueTime)} of work, to be worked off within {Seconds(rules.DrainWithin)}"));
        }

        // Where slots are free, what waited did not wait for a slot.
        if (sample.WaitP95 > rules.TargetWait && sample.Utilisation >= rules.ScaleInUtilisation)
        {
            need = need.OrMore(Count(sample.Workers * Math.Min(2, sample.WaitP95 / rules.TargetWait), 1), Text($"one activity in twenty waited for {Seconds(sample.WaitP95)} or longer, where {Seconds(rules.TargetWait)} is the aim"));
        }

        return need;
    }

    /// <summary>How few would do: with them, less than <see cref="ScalingRules.ScaleInUtilisation"/> would be taken.</summary>
    public static int ToKeep(ScalingRules rules, ScalingSample sample) => Count(sample.Demand(rules.DrainWithin), SlotsEach(sample) * rules.ScaleInUtilisation);

    /// <summary>What the forecast needs; null where past days say nothing.</summary>
    public static int? Ahead(ScalingRules rules, ScalingSample sample, DemandHistory history, DateTimeOffset now)
    {
        if (rules.ForecastAhead <= TimeSpan.Zero) return null;
        var (soon, then) = (history.Read(now), history.Read(now + rules.ForecastAhead));
        return soon is null && then is null ? null : Count(Math.Max(soon ?? 0, then ?? 0), SlotsEach(sample) * rules.TargetUtilisation);
    }

    private ScalingNeed OrMore(int instances, string reason) => instances > Instances ? new ScalingNeed(instances, reason) : this;

    private static double SlotsEach(ScalingSample sample) => (double)sample.Slots / sample.Workers;

    private static int Count(double demand, double each) => (int)Math.Clamp(Math.Ceiling((demand / each) - Rounding), 0, 1_000_000);

    internal static string Percent(double share) => Text($"{share * 100:0.#} %");

    internal static string Seconds(TimeSpan time) => Text($"{time.TotalSeconds:0.##} s");

    internal static string Text(FormattableString text) => FormattableString.Invariant(text);
}
