using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AgentFunctions.Core.Caching.Invalidation;

/// <summary>
/// What an entry hangs on: everything, its kind, its tags, its own key; each once for everyone's set of documents and once for its owner's (the key there only).
/// Document 0 of a set is of everything and of the kinds, the other 15 are of tags and keys, by hash. Scopes with one hash are invalidated together: that costs misses, and is never wrong. Pure.
/// </summary>
internal static class GenerationScopes
{
    /// <summary>How many documents a set has.</summary>
    public const int Documents = 16;

    /// <summary>The scope of everything in a set.</summary>
    public const ulong All = 0;

    private const ulong FirstKind = 1;

    /// <summary>The scope of a kind.</summary>
    public static ulong Kind(CacheKind kind) => FirstKind + (ulong)kind;

    /// <summary>The scope of a tag.</summary>
    public static ulong Tag(string tag)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];

        // As UTF-16: UTF-8 would make all lone surrogates one.
        SHA256.HashData(MemoryMarshal.AsBytes(tag.AsSpan()), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) | (1UL << 63);
    }

    /// <summary>The scope of a key.</summary>
    public static ulong Key(in CacheKey key) => (key.Part & ~(1UL << 63)) | (1UL << 62);

    /// <summary>The scopes of a list of tags.</summary>
    public static ulong[] Tags(IReadOnlyList<string> tags) => tags.Count == 0 ? [] : [.. tags.Select(Tag).Distinct()];

    /// <summary>The document of a set that a scope is in.</summary>
    public static int DocumentOf(ulong scope) => scope < 1UL << 62 ? 0 : 1 + (int)(scope % (Documents - 1));

    /// <summary>The documents that an entry hangs on, a bit for each: the low 16 are everyone's, the high ones its owner's.</summary>
    public static uint DocumentsOf(ulong[] tags, in CacheKey key)
    {
        var documents = Everyone(0) | Owner(0) | Owner(DocumentOf(Key(key)));
        foreach (var tag in tags) documents |= Everyone(DocumentOf(tag)) | Owner(DocumentOf(tag));
        return documents;
    }

    /// <summary>Where in a list of the documents' moments that of one is.</summary>
    public static int PlaceOf(uint documents, uint document) => BitOperations.PopCount(documents & (document - 1));

    /// <summary>The bit of one of everyone's documents.</summary>
    public static uint Everyone(int document) => 1U << document;

    /// <summary>The bit of one of the owner's documents.</summary>
    public static uint Owner(int document) => 1U << (Documents + document);
}
