namespace AgentFunctions.Core.Durable;

/// <summary>What an instance ID may be: what Durable Functions allows.</summary>
public static class InstanceIds
{
    private const int LongestId = 100;
    private const int LeastDigits = 4;
    private const int MostDigits = 7;

    /// <summary>Whether this can be an instance ID.</summary>
    /// <param name="id">The instance ID.</param>
    public static bool IsAllowed(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and <= LongestId && id[0] != '@' && id.AsSpan().IndexOfAny("/\\#?") < 0 && !id.Any(char.IsControl);
    }

    /// <summary>The run that a sub-orchestration belongs to: its instance ID without the call numbers (<c>:0004</c>, and more digits for high ones) that engines put behind their parents' IDs.</summary>
    /// <param name="id">The instance ID of a run or of a sub-orchestration without an ID of its own choice.</param>
    public static string RootOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var end = id.Length;
        while (MarkOf(id.AsSpan(0, end)) is > 0 and var mark) end -= mark;
        return id[..end];
    }

    /// <summary>How long the call number at the end is, with its colon; 0 where there is none. It has four hexadecimal digits, or as many as it needs.</summary>
    private static int MarkOf(ReadOnlySpan<char> id)
    {
        var digits = 0;
        while (digits < id.Length && char.IsAsciiHexDigitLower(id[^(digits + 1)])) digits++;
        var isMark = digits is >= LeastDigits and <= MostDigits && id.Length > digits + 1 && id[^(digits + 1)] == ':' && (digits == LeastDigits || id[^digits] != '0');
        return isMark ? digits + 1 : 0;
    }

    /// <summary>Refuses what can't be an instance ID.</summary>
    /// <param name="id">The instance ID.</param>
    /// <exception cref="ArgumentException">It is empty, too long, or holds a character that it may not hold.</exception>
    public static void Check(string id)
    {
        if (!IsAllowed(id))
        {
            throw new ArgumentException($"The instance ID '{id}' can't be used. It must have 1 to {LongestId} characters, no control character and none of / \\ # ?, and must not start with '@'.", nameof(id));
        }
    }
}
