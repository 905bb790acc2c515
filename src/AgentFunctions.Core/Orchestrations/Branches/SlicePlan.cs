namespace AgentFunctions.Core.Orchestrations.Branches;

/// <summary>How a large number of branches is cut into slices of nearly equal size, and how many run at once in how many of them. Pure.</summary>
/// <param name="Slices">The slices, in order, without gaps.</param>
/// <param name="Shares">For each slice that may run at once: how many of its branches may.</param>
internal sealed record SlicePlan(IReadOnlyList<Slice> Slices, IReadOnlyList<int> Shares)
{
    // A slice ends with its slowest branch while its other places stand idle; with eight or more the loss is small.
    private const int PlacesPerSlice = 8;

    /// <summary>Makes a plan.</summary>
    /// <param name="total">How many branches, at least 1.</param>
    /// <param name="largest">How many a slice may hold.</param>
    /// <param name="maxParallel">How many may run at once in all.</param>
    public static SlicePlan For(int total, int largest, int maxParallel)
    {
        var fewest = DivideUp(total, largest);
        var rounds = DivideUp(fewest, Math.Clamp(maxParallel / PlacesPerSlice, 1, fewest));
        var atOnce = DivideUp(fewest, rounds);

        // Full rounds: a last round of one slice would leave the places of all others idle.
        var count = Math.Min(total, rounds * atOnce);
        var slices = Enumerable.Range(0, count).Select(i => new Slice(Bound(i), Bound(i + 1) - Bound(i)));
        var shares = Enumerable.Range(0, atOnce).Select(i => (maxParallel / atOnce) + (i < maxParallel % atOnce ? 1 : 0));
        return new([.. slices], [.. shares]);

        int Bound(int i) => (int)((long)i * total / count);
    }

    private static int DivideUp(int value, int by) => (int)(((long)value + by - 1) / by);
}

/// <summary>A run of branches or chunks.</summary>
/// <param name="First">The first one's place.</param>
/// <param name="Count">How many.</param>
internal sealed record Slice(int First, int Count);
