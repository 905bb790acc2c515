namespace AgentFunctions.Core.Durable;

/// <summary>What an instance ID may be: what Durable Functions allows.</summary>
public static class InstanceIds
{
    private const int LongestId = 100;
    private const int CallMark = 5;

    /// <summary>Whether this can be an instance ID.</summary>
    /// <param name="id">The instance ID.</param>
    public static bool IsAllowed(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and <= LongestId && id[0] != '@' && id.AsSpan().IndexOfAny("/\\#?") < 0 && !id.Any(char.IsControl);
    }

    /// <summary>The run that a sub-orchestration belongs to: its instance ID without the call numbers (<c>:0004</c>) that engines put behind their parents' IDs.</summary>
    /// <param name="id">The instance ID of a run or of a sub-orchestration without an ID of its own choice.</param>
    public static string RootOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var end = id.Length;
        while (end > CallMark && id[end - CallMark] == ':' && id[(end - CallMark + 1)..end].All(char.IsAsciiHexDigitLower)) end -= CallMark;
        return id[..end];
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
