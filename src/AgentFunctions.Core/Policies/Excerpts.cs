namespace AgentFunctions.Core.Policies;

/// <summary>Texts of others, shortened for messages.</summary>
internal static class Excerpts
{
    /// <summary>The text, or its first characters and an ellipsis where it is longer.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many of its characters are kept.</param>
    public static string Shortened(this string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most), "…");
}
