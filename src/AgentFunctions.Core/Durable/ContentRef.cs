namespace AgentFunctions.Core.Durable;

/// <summary>The address of a large value: its SHA-256 and length. Equal values have equal addresses, so storing one twice stores it once.</summary>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Length">Bytes.</param>
public sealed record ContentRef(string Sha256, long Length)
{
    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef");

    /// <summary>The address of these bytes.</summary>
    /// <param name="value">The value.</param>
    public static ContentRef Of(ReadOnlySpan<byte> value) => new(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(value)), value.Length);

    /// <summary>Whether this can be an address: 64 lower-case hexadecimal digits and a length that is not negative.</summary>
    public bool IsValid() => Length >= 0 && Sha256 is { Length: 64 } && !Sha256.AsSpan().ContainsAnyExcept(HexDigits);
}
