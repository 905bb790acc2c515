using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace AgentFunctions.App.Storage;

/// <summary>
/// Any text as a key that tables take: they refuse / \ # ? and control characters, and more than 1,024 bytes of UTF-16. Two texts never
/// share a key. What is not a letter or digit of ASCII, - . or _ becomes ~ and four hexadecimal digits; what is too long becomes its SHA-256.
/// </summary>
internal static class TableKeys
{
    /// <summary>Half of what tables take, so that a partition key can join two.</summary>
    public const int Longest = 250;

    private const char Mark = '~';
    private const char Separator = '!';
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>A key for this text, at most <see cref="Longest"/> characters.</summary>
    public static string Escape(string text)
    {
        // A mark alone and a doubled mark are no escapes, so they stand for what needs a form of its own.
        if (text.Length == 0)
        {
            return Mark.ToString();
        }

        if (text.Length <= Longest && !text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text;
        }

        var escaped = new StringBuilder(Math.Min(text.Length * 2, Longest + 5));
        foreach (var character in text)
        {
            if (escaped.Length > Longest)
            {
                break;
            }

            _ = Plain.Contains(character) ? escaped.Append(character) : escaped.Append(Mark).Append(((int)character).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
        }

        // Hashed as UTF-16, because UTF-8 would make all lone surrogates one.
        return escaped.Length <= Longest ? escaped.ToString() : $"{Mark}{Mark}{Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())))}";
    }

    /// <summary>A key for two texts together. The separator is never in an escaped text, so no two pairs share one.</summary>
    public static string Join(string first, string second) => $"{Escape(first)}{Separator}{Escape(second)}";
}
