using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AgentFunctions.Core.Caching.Invalidation;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Caching.Levels;

/// <summary>A kept answer, or a remembered failure. Its packed form is what memory and store keep; in memory times are on the monotonic clock, in the store on the store's.</summary>
internal sealed record Entry
{
    private const int CreatedBytes = sizeof(long);

    [Flags]
    private enum Marks : byte
    {
        None = 0,
        Negative = 1,
        Costed = 2,
        Estimated = 4,
        Asked = 8,
    }

    /// <summary>What it is.</summary>
    public required CacheKind Kind { get; init; }

    /// <summary>Whether the value is a failure's message, in UTF-8.</summary>
    public bool Negative { get; init; }

    /// <summary>When it was made, in ticks of the clock of where it is kept.</summary>
    public required long Created { get; init; }

    /// <summary>How long it is used.</summary>
    public required TimeSpan Ttl { get; init; }

    /// <summary>How long after that it is served stale.</summary>
    public TimeSpan StaleFor { get; init; }

    /// <summary>What it hangs on, and the moment before its work began.</summary>
    public required GenerationStamp Stamp { get; init; }

    /// <summary>What it cost to make.</summary>
    public Cost? Cost { get; init; }

    /// <summary>The question that it answers, where others may have the same meaning.</summary>
    public string? Question { get; init; }

    /// <summary>What else the answer depends on.</summary>
    public CacheKey Scope { get; init; }

    /// <summary>The answer as JSON.</summary>
    public required ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>Until when it is of any use, in ticks after <see cref="Created"/>.</summary>
    public long Life => Ttl.Ticks + StaleFor.Ticks;

    /// <summary>The same bytes with another time of making.</summary>
    public static byte[] WithCreated(ReadOnlySpan<byte> packed, long created)
    {
        var copy = packed.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(copy, created);
        return copy;
    }

    /// <summary>Its bytes.</summary>
    public byte[] Pack()
    {
        var output = new ArrayBufferWriter<byte>(Value.Length + 96 + ((Question?.Length ?? 0) * 2));
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(CreatedBytes), Created);
        output.Advance(CreatedBytes);
        var marks = (Negative ? Marks.Negative : Marks.None) | (Cost is null ? Marks.None : Marks.Costed) | (Cost is { Estimated: true } ? Marks.Estimated : Marks.None) | (Question is null ? Marks.None : Marks.Asked);
        output.Write([(byte)marks, (byte)Kind]);
        Numbers.Write((ulong)Ttl.Ticks, output);
        Numbers.Write((ulong)StaleFor.Ticks, output);
        Stamp.Write(output);
        if (Cost is { } cost) WriteCost(cost, output);
        if (Question is { } question)
        {
            Numbers.Write((ulong)question.Length, output);
            output.Write(MemoryMarshal.AsBytes(question.AsSpan()));
            output.Write(Convert.FromHexString(Scope.ToString()));
        }

        output.Write(Value.Span);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The entry with these bytes, of which it keeps the value.</summary>
    /// <exception cref="InvalidDataException">They are no entry.</exception>
    public static Entry Unpack(ReadOnlyMemory<byte> packed)
    {
        var input = new NumberReader(packed.Span);
        var created = BinaryPrimitives.ReadInt64LittleEndian(input.Take(CreatedBytes));
        var marks = (Marks)input.Take(1)[0];
        var kind = (CacheKind)input.Take(1)[0];
        var ttl = input.Number();
        var stale = input.Number();
        if (!Enum.IsDefined(kind) || ttl > (ulong)TimeSpan.MaxValue.Ticks / 4 || stale > (ulong)TimeSpan.MaxValue.Ticks / 4) throw new InvalidDataException("An entry of the cache has a kind or a time that can't be.");
        var stamp = GenerationStamp.Read(ref input);
        var cost = marks.HasFlag(Marks.Costed) ? ReadCost(ref input, marks.HasFlag(Marks.Estimated)) : null;
        string? question = null;
        CacheKey scope = default;
        if (marks.HasFlag(Marks.Asked))
        {
            var length = input.Number();
            if (length > int.MaxValue / 2) throw new InvalidDataException("An entry of the cache has a question of a length that can't be.");
            question = new string(MemoryMarshal.Cast<byte, char>(input.Take((int)length * 2)));
            scope = new CacheKey(input.Take(CacheKey.Bytes));
        }

        return new Entry
        {
            Kind = kind,
            Negative = marks.HasFlag(Marks.Negative),
            Created = created,
            Ttl = TimeSpan.FromTicks((long)ttl),
            StaleFor = TimeSpan.FromTicks((long)stale),
            Stamp = stamp,
            Cost = cost,
            Question = question,
            Scope = scope,
            Value = packed[input.Position..],
        };
    }

    private static void WriteCost(Cost cost, ArrayBufferWriter<byte> output)
    {
        Numbers.Write((ulong)cost.InputTokens, output);
        Numbers.Write((ulong)cost.OutputTokens, output);
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(cost.Usd, parts);

        // Scale and sign are bits 16 to 31 of the last.
        parts[3] = (int)((uint)parts[3] >> 16);
        foreach (var part in parts) Numbers.Write((uint)part, output);
    }

    private static Cost ReadCost(ref NumberReader input, bool estimated)
    {
        var (inputTokens, outputTokens) = ((long)input.Number(), (long)input.Number());
        Span<int> parts = [(int)(uint)input.Number(), (int)(uint)input.Number(), (int)(uint)input.Number(), (int)((uint)input.Number() << 16)];
        try
        {
            return new Cost(inputTokens, outputTokens, new decimal(parts), estimated);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException("An entry of the cache has a cost that can't be.", exception);
        }
    }
}
