using System.Buffers;
using System.Runtime.InteropServices;
using AgentFunctions.Core.Caching.Levels;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Core.Stores;

namespace AgentFunctions.Core.Caching.Questions;

/// <summary>Where the answer is to what a question intends, and for which question it was made.</summary>
/// <param name="Key">The answer's key.</param>
/// <param name="Question">Its question.</param>
internal sealed record IntentPointer(CacheKey Key, string Question)
{
    /// <summary>The place of an intent's pointer: within the call's owner and scope.</summary>
    public static KeyValueKey PlaceOf(CacheCall call, string intent)
    {
        var json = new ArrayBufferWriter<byte>(256);
        json.Write(MemoryMarshal.AsBytes(call.Scope.ToString().AsSpan()));
        CanonicalJson.WriteText(intent, json);
        return StorePlaces.Pointer(call.Owner, CacheKey.Of(json.WrittenSpan));
    }

    /// <summary>Its bytes.</summary>
    public byte[] Pack() => [.. Convert.FromHexString(Key.ToString()), .. MemoryMarshal.AsBytes(Question.AsSpan())];

    /// <summary>The pointer with these bytes; null where they are none.</summary>
    public static IntentPointer? Unpack(ReadOnlyMemory<byte> packed) =>
        packed.Length < CacheKey.Bytes || packed.Length % 2 != 0 ? null : new IntentPointer(new CacheKey(packed.Span[..CacheKey.Bytes]), new string(MemoryMarshal.Cast<byte, char>(packed.Span[CacheKey.Bytes..])));
}
