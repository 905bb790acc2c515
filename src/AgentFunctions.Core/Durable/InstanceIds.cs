namespace AgentFunctions.Core.Durable;

/// <summary>What an instance ID may be: what Durable Functions allows.</summary>
public static class InstanceIds
{
    private const int LongestId = 100;

    /// <summary>Refuses what can't be an instance ID.</summary>
    /// <param name="id">The instance ID.</param>
    /// <exception cref="ArgumentException">It is empty, too long, or holds a character that it may not hold.</exception>
    public static void Check(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id.Length is 0 or > LongestId || id[0] == '@' || id.AsSpan().IndexOfAny("/\\#?") >= 0 || id.Any(char.IsControl))
        {
            throw new ArgumentException($"The instance ID '{id}' can't be used. It must have 1 to {LongestId} characters, no control character and none of / \\ # ?, and must not start with '@'.", nameof(id));
        }
    }
}
