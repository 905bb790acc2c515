namespace AgentFunctions.Core.Tests.Policies.Semantics;

/// <summary>Pairs of questions, a line each, with columns parted by bars; the last two are the questions, the first is their class.</summary>
internal sealed record QuestionPair(string Class, string One, string Other)
{
    public QuestionPair Lower => this with { One = One.ToLowerInvariant(), Other = Other.ToLowerInvariant() };

    public static IReadOnlyList<QuestionPair> Read(string resource)
    {
        using var stream = typeof(QuestionPair).Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"There is no resource '{resource}' in the tests.");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|')).Select(parts => new QuestionPair(parts[0], parts[^2], parts[^1]))];
    }

    public override string ToString() => $"{Class}: {One} ~ {Other}";
}
