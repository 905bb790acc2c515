namespace AgentFunctions.Core.Durable;

/// <summary>What an instance ID may be: what Durable Functions allows.</summary>
public static class InstanceIds
{
    private const int LongestId = 100;

    /// <summary>Whether this can be an instance ID.</summary>
    /// <param name="id">The instance ID.</param>
    public static bool IsAllowed(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and <= LongestId && id[0] != '@' && id.AsSpan().IndexOfAny("/\\#?") < 0 && !id.Any(char.IsControl);
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
