using System.Buffers;
using System.Buffers.Binary;
using AgentFunctions.Core.Caching.Levels;

namespace AgentFunctions.Core.Caching.Invalidation;

/// <summary>
/// What has been invalidated among some scopes: each invalidation has a number, and for each scope the document has that of its last. One that is full drops
/// the older half and remembers the highest number among them, its floor: what it no longer knows may have been invalidated then. Immutable, pure.
/// </summary>
internal sealed class GenerationDocument
{
    /// <summary>The most scopes in a document.</summary>
    public const int MostScopes = 1000;

    private readonly Dictionary<ulong, uint> last;

    private GenerationDocument(uint birth, uint sequence, uint floor, Dictionary<ulong, uint> last) => (Birth, Sequence, Floor, this.last) = (birth, sequence, floor, last);

    /// <summary>The document before the first invalidation. It is stored nowhere.</summary>
    public static GenerationDocument None { get; } = new(0, 0, 0, []);

    /// <summary>A number drawn when the document was made, from 1, by which one made after it was lost is told apart; 0 for <see cref="None"/>.</summary>
    public uint Birth { get; }

    /// <summary>The number of its last invalidation.</summary>
    public uint Sequence { get; }

    /// <summary>The highest number of an invalidation whose scope it no longer knows.</summary>
    public uint Floor { get; }

    /// <summary>How many scopes it knows.</summary>
    public int Scopes => last.Count;

    /// <summary>How far it has come: its birth and its sequence.</summary>
    public ulong Moment => ((ulong)Birth << 32) | Sequence;

    /// <summary>A document in place of one that can't be read: all that was made before it is invalid.</summary>
    /// <param name="birth">A fresh number from 1.</param>
    public static GenerationDocument Anew(uint birth) => new(birth, 1, 1, []);

    /// <summary>Whether a scope was invalidated after a moment, or that can't be told.</summary>
    public bool InvalidatedSince(ulong moment, ulong scope)
    {
        var (birth, sequence) = ((uint)(moment >> 32), (uint)moment);

        // Before the first invalidation there was no document. Any other than that of the moment has been lost since, and what it said with it.
        if (birth != 0 && birth != Birth) return true;
        return (last.TryGetValue(scope, out var number) ? number : Floor) > sequence;
    }

    /// <summary>The document after one more invalidation.</summary>
    /// <param name="scopes">What is invalidated.</param>
    /// <param name="birth">A fresh number from 1, where the document needs one.</param>
    public GenerationDocument With(IReadOnlyCollection<ulong> scopes, uint birth)
    {
        if (Sequence == uint.MaxValue) return Anew(birth);
        var sequence = Sequence + 1;
        var (floor, known) = (Floor, new Dictionary<ulong, uint>(last));
        foreach (var scope in scopes) known[scope] = sequence;
        if (known.Count > MostScopes)
        {
            var older = known.OrderBy(scope => scope.Value).Take(known.Count / 2).ToList();
            floor = Math.Max(floor, older[^1].Value);
            foreach (var (scope, _) in older) known.Remove(scope);
        }

        return new GenerationDocument(Birth == 0 ? birth : Birth, sequence, floor, known);
    }

    /// <summary>Its bytes.</summary>
    public byte[] Pack()
    {
        var output = new ArrayBufferWriter<byte>(32 + (last.Count * 12));
        foreach (var number in (ReadOnlySpan<uint>)[Birth, Sequence, Floor, (uint)last.Count]) Numbers.Write(number, output);
        foreach (var (scope, number) in last)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(sizeof(ulong)), scope);
            output.Advance(sizeof(ulong));
            Numbers.Write(number, output);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>The document with these bytes.</summary>
    /// <exception cref="InvalidDataException">They are none.</exception>
    public static GenerationDocument Unpack(ReadOnlySpan<byte> packed)
    {
        var input = new NumberReader(packed);
        var (birth, sequence, floor, count) = ((uint)input.Number(), (uint)input.Number(), (uint)input.Number(), input.Number());
        if (birth == 0 || count > MostScopes) throw new InvalidDataException("This is no document of invalidations.");
        var known = new Dictionary<ulong, uint>((int)count);
        for (var i = 0UL; i < count; i++)
        {
            var scope = BinaryPrimitives.ReadUInt64LittleEndian(input.Take(sizeof(ulong)));
            known[scope] = (uint)input.Number();
        }

        return new GenerationDocument(birth, sequence, floor, known);
    }
}
