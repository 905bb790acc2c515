using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using AgentFunctions.Core.Caching.Levels;

namespace AgentFunctions.Core.Caching.Invalidation;

/// <summary>What an entry hangs on, and how far the invalidations had come before its work began.</summary>
/// <param name="Documents">The documents, a bit for each.</param>
/// <param name="Moments">For each of them in order how far it had come (<see cref="GenerationDocument.Moment"/>).</param>
/// <param name="Tags">The tags' scopes.</param>
internal sealed record GenerationStamp(uint Documents, ulong[] Moments, ulong[] Tags)
{
    private const int MostTags = 64;

    /// <summary>Writes it.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        Numbers.Write(Documents, output);
        foreach (var moment in Moments)
        {
            // Most documents were never written: one byte.
            Numbers.Write(moment >> 32, output);
            if (moment >> 32 != 0) Numbers.Write(moment & uint.MaxValue, output);
        }

        Numbers.Write((ulong)Tags.Length, output);
        foreach (var tag in Tags)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(sizeof(ulong)), tag);
            output.Advance(sizeof(ulong));
        }
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static GenerationStamp Read(ref NumberReader input)
    {
        var documents = input.Number();
        if (documents > uint.MaxValue) throw new InvalidDataException("An entry of the cache hangs on documents that can't be.");
        var moments = new ulong[BitOperations.PopCount(documents)];
        for (var i = 0; i < moments.Length; i++)
        {
            var birth = input.Number();
            moments[i] = birth == 0 ? 0 : (birth << 32) | (uint)input.Number();
        }

        var count = input.Number();
        if (count > MostTags) throw new InvalidDataException("An entry of the cache has more tags than there can be.");
        var tags = count == 0 ? [] : new ulong[count];
        for (var i = 0; i < tags.Length; i++) tags[i] = BinaryPrimitives.ReadUInt64LittleEndian(input.Take(sizeof(ulong)));
        return new GenerationStamp((uint)documents, moments, tags);
    }
}
