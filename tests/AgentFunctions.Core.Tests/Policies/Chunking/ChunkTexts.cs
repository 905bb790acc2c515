using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Chunking;

/// <summary>Texts to cut: made up of everything that makes cutting hard, and the real ones.</summary>
internal static class ChunkTexts
{
    private static readonly string[] pieces =
    [
        "a", "word", "Sentence.", "Mr.", "U.S.", "No.", "end!", "what?", "\"quoted.\"", "(x.)", "...", "…", "1.5", "e.g.", "Überraschung", "слово", "предложение.", "漢字", "文。", "、", "「引用。」",
        "👍", "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "e\u0301\u0302\u0303", "\u0301", "한국어", "\ud83d", "\udc4d", "\u200b", new string('x', 40), new string('漢', 30), "y" + new string('\u0301', 30),
        " ", "  ", "\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n \t\n", "\f", "\u2029", "\u2028", "\u00a0", "\t",
    ];

    public static Arbitrary<(string Text, int MaxTokens)> Any { get; } =
        (from chosen in Gen.Elements(pieces).ListOf() from tokens in Gen.Choose(2, 40) select (string.Concat(chosen), tokens)).ToArbitrary();

    public static IEnumerable<string> RealFiles() =>
        Directory.EnumerateFiles(Path.Combine(TestsFolder(), "data", "texts"), "*.txt").Order(StringComparer.Ordinal);

    private static string TestsFolder([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
