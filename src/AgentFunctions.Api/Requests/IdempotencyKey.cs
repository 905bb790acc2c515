using System.Security.Cryptography;
using System.Text;
using AgentFunctions.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api.Requests;

/// <summary>
/// The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header): a quoted string by the draft, a bare one as most clients send it.
/// </summary>
internal static class IdempotencyKey
{
    public const string HeaderName = "Idempotency-Key";
    private const int Longest = 255;
    private const string Remedy = "Send 1 to 255 visible ASCII characters, bare or in double quotes, such as a UUID.";

    /// <summary>The key, or null where none is sent.</summary>
    public static string? Read(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(HeaderName, out var values) || values.Count == 0)
        {
            return null;
        }

        if (values.Count > 1)
        {
            throw ProblemException.Header(HeaderName, $"is sent {values.Count} times", "Send it once.");
        }

        var raw = values.ToString().Trim();
        var key = raw.StartsWith('"') ? Unquote(raw) : raw;
        return key switch
        {
            null => throw ProblemException.Header(HeaderName, $"is '{Shown.Of(raw)}', which is no quoted string", Remedy),
            "" => throw ProblemException.Header(HeaderName, "is empty", Remedy),
            { Length: > Longest } => throw ProblemException.Header(HeaderName, $"has {key.Length} characters", Remedy),
            _ when key.AsSpan().ContainsAnyExceptInRange('!', '~') => throw ProblemException.Header(HeaderName, $"is '{Shown.Of(raw)}', which holds a space or another character that is not visible ASCII", Remedy),
            _ => key,
        };
    }

    /// <summary>The instance ID of the run that this key starts. Half of a SHA-256 is enough to tell any number of keys apart.</summary>
    public static string ToInstanceId(string key) => $"k-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32]}";

    /// <summary>The value of an sf-string (RFC 9651, section 3.3.3), or null where it is none.</summary>
    private static string? Unquote(string raw)
    {
        var value = new StringBuilder(raw.Length);
        for (var i = 1; i < raw.Length; i++)
        {
            switch (raw[i])
            {
                case '"':
                    return i == raw.Length - 1 ? value.ToString() : null;
                case '\\' when i + 1 < raw.Length && raw[i + 1] is '"' or '\\':
                    value.Append(raw[++i]);
                    break;
                case '\\':
                    return null;
                default:
                    value.Append(raw[i]);
                    break;
            }
        }

        return null;
    }
}
