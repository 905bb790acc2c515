using System.Buffers.Text;
using System.Text;

namespace AgentFunctions.App.Durable;

/// <summary>Continuation tokens that say whose they are, so that a wrong one is refused here and not by the storage with an error of its own.</summary>
internal static class PageTokens
{
    private const string Ours = "p1.";

    /// <summary>The token for clients, or null at the end.</summary>
    public static string? Close(string? token) => string.IsNullOrEmpty(token) ? null : Ours + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token));

    /// <summary>The storage's token.</summary>
    /// <exception cref="ArgumentException">It is none of ours.</exception>
    public static string? Open(string? token)
    {
        if (token is null)
        {
            return null;
        }

        var encoded = token.StartsWith(Ours, StringComparison.Ordinal) ? token[Ours.Length..] : "";
        return encoded.Length > 0 && Base64Url.IsValid(encoded)
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(encoded))
            : throw new ArgumentException($"The continuation token '{token}' is none that a list gave. Send the one of the last page as it is, or none.", nameof(token));
    }
}
