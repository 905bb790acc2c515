using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;

namespace AgentFunctions.Core.Caching;

/// <summary>The address of an answer: the SHA-256 (FIPS 180-4) of everything that it depends on, in canonical JSON.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct CacheKey
{
    /// <summary>How many bytes it has: 32.</summary>
    public const int Bytes = 32;

    /// <summary>How many hexadecimal digits it is written with: 64.</summary>
    public const int Digits = 64;

    private readonly ulong a;
    private readonly ulong b;
    private readonly ulong c;
    private readonly ulong d;

    /// <summary>The key with these bytes.</summary>
    /// <param name="hash">32 bytes.</param>
    /// <exception cref="ArgumentException">They are not 32.</exception>
    public CacheKey(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != Bytes) throw new ArgumentException($"A key has {Bytes} bytes, and here are {hash.Length}.", nameof(hash));
        var parts = MemoryMarshal.Cast<byte, ulong>(hash);
        (a, b, c, d) = (parts[0], parts[1], parts[2], parts[3]);
    }

    /// <summary>A number that tells keys apart well: the key is a hash, so any part of it will do.</summary>
    internal ulong Part => a;

    /// <summary>The key of what a request asks for. A shared answer's does not depend on the tenant, and equals no tenant's own.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="PermanentFailureException">The request has no input, or one that is not UTF-8.</exception>
    public static CacheKey Of(CacheRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var json = new ArrayBufferWriter<byte>(1024);
        json.Write("["u8);
        CanonicalJson.WriteText(KindName(request.Kind), json);
        Write(request.Settings.Shared ? null : request.Tenant, json);
        Write(request.Maker, json);
        Write(request.MakerVersion, json);
        Write(request.Settings.PromptVersion, json);
        json.Write(","u8);
        try
        {
            CanonicalJson.Write(request.Input, json);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.Text.DecoderFallbackException)
        {
            throw new PermanentFailureException($"The input of a cached call of '{request.Maker}' can't be read: {exception.Message} Give it valid JSON.", exception);
        }

        json.Write("]"u8);
        return Of(json.WrittenSpan);
    }

    /// <summary>Reads a key as it is written.</summary>
    /// <param name="text">64 hexadecimal digits.</param>
    /// <param name="key">The key.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out CacheKey key)
    {
        key = default;
        Span<byte> hash = stackalloc byte[Bytes];
        if (text is not { Length: Digits } || Convert.FromHexString(text, hash, out _, out var written) != OperationStatus.Done || written != Bytes) return false;
        key = new CacheKey(hash);
        return true;
    }

    /// <summary>64 hexadecimal digits, small letters.</summary>
    public override string ToString() => Convert.ToHexStringLower(MemoryMarshal.AsBytes([a, b, c, d]));

    /// <summary>A part of the hash.</summary>
    public override int GetHashCode() => (int)a;

    /// <summary>The key of some bytes.</summary>
    internal static CacheKey Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(bytes, hash);
        return new CacheKey(hash);
    }

    /// <summary>The kind's name in keys and partitions.</summary>
    internal static string KindName(CacheKind kind) => kind switch
    {
        CacheKind.Response => "response",
        CacheKind.Tool => "tool",
        CacheKind.Embedding => "embedding",
        CacheKind.Reasoning => "reasoning",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind."),
    };

    private static void Write(string? text, ArrayBufferWriter<byte> json)
    {
        json.Write(","u8);
        if (text is null) json.Write("null"u8);
        else CanonicalJson.WriteText(text, json);
    }
}
