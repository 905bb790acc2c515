namespace AgentFunctions.Benchmarks.Questions;

/// <summary>Requests as support has them: few questions come often, many once.</summary>
internal static class Traffic
{
    /// <summary>Each question once, in random order.</summary>
    public static LabelledQuestion[] Once(IReadOnlyList<LabelledQuestion> questions, int seed)
    {
        LabelledQuestion[] requests = [.. questions];
        new Random(seed).Shuffle(requests);
        return requests;
    }

    /// <summary>So many draws; the question of rank r comes with a weight of 1 / r^exponent, the ranks are dealt at random.</summary>
    public static LabelledQuestion[] Zipf(IReadOnlyList<LabelledQuestion> questions, double exponent, int count, int seed)
    {
        var random = new Random(seed);
        var ranked = questions.ToArray();
        random.Shuffle(ranked);
        return Draw(Cumulated(ranked.Length, exponent), count, random).Select(rank => ranked[rank]).ToArray();
    }

    /// <summary>The intent by Zipf, then one of its questions, each as likely as the others.</summary>
    public static LabelledQuestion[] ZipfOverIntents(IReadOnlyList<LabelledQuestion> questions, double exponent, int count, int seed)
    {
        var random = new Random(seed);
        var ranked = questions.GroupBy(question => question.Intent, StringComparer.Ordinal).Select(group => group.ToArray()).ToArray();
        random.Shuffle(ranked);
        return Draw(Cumulated(ranked.Length, exponent), count, random).Select(rank => ranked[rank][random.Next(ranked[rank].Length)]).ToArray();
    }

    private static double[] Cumulated(int count, double exponent)
    {
        var sums = new double[count];
        for (var i = 0; i < count; i++) sums[i] = (i > 0 ? sums[i - 1] : 0) + Math.Pow(i + 1, -exponent);
        return sums;
    }

    private static IEnumerable<int> Draw(double[] sums, int count, Random random)
    {
        for (var i = 0; i < count; i++)
        {
            var at = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
            yield return at < 0 ? Math.Min(~at, sums.Length - 1) : at;
        }
    }
}
