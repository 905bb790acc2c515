using System.Globalization;

namespace AgentFunctions.Conformance.Stores;

/// <summary>Texts that keys come from.</summary>
public static class TextSamples
{
    /// <summary>One of every Unicode class, all that tables refuse, what addresses and filters read as their own, and what is too long.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        .. Enumerable.Range(0, char.MaxValue + 1).GroupBy(c => char.GetUnicodeCategory((char)c)).SelectMany(g => new[] { g.First(), g.Last() }).Distinct().Select(c => $"k{(char)c}"),
        .. "/\\#?\t\r\n\u007f\u0085\u009f%+ &='\"(),;:@!~$*<>[]{}|^`".Select(c => $"{c}"),
        "", "/", "a/b", "a#b", "%2F", "it''s", "..", "😀", "\ud800", "\udc00\ud800", "İstanbul", "istanbul", "Straße", "e\u0301", "\u00e9", "K", "k",
        new('k', 250), new('k', 251), new('/', 60), new('中', 5000),
    ];
}
