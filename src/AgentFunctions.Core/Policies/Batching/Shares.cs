namespace AgentFunctions.Core.Policies.Batching;

/// <summary>Divides a whole number among many by weight, so that the parts add up to it. Pure.</summary>
public static class Shares
{
    /// <summary>The parts, in the order of the weights: each is its exact share rounded down or up (largest remainders: Hamilton's method).</summary>
    /// <param name="total">What is divided, at least 0.</param>
    /// <param name="weights">Each at least 0; where all are 0 they count as equal.</param>
    public static IReadOnlyList<long> Of(long total, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        if (weights.Count == 0) return [];
        var sum = weights.Sum();
        double[] exact = [.. weights.Select(weight => sum > 0 ? total * (weight / sum) : (double)total / weights.Count)];
        long[] parts = [.. exact.Select(share => (long)Math.Floor(share))];
        var left = total - parts.Sum();
        foreach (var place in Enumerable.Range(0, parts.Length).OrderByDescending(place => exact[place] - parts[place]).ThenBy(place => place).Take((int)Math.Clamp(left, 0, parts.Length))) parts[place]++;
        return parts;
    }
}
