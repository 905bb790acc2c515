using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace AgentFunctions.Local.Engine.History;

/// <summary>Reads what <see cref="RecordWriter"/> wrote. A record that ends too soon, or holds what no writer wrote, is an <see cref="InvalidDataException"/>.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> record)
{
    private readonly ReadOnlySpan<byte> record = record;

    public int Position { get; private set; }

    public readonly bool AtEnd => Position >= record.Length;

    public byte Byte() => Take(1)[0];

    public long Integer()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw Broken("an integer is longer than ten bytes");
    }

    public int Int32()
    {
        var value = Integer();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Broken($"{value} is out of range");
    }

    /// <summary>How many of something follow.</summary>
    public int Count()
    {
        var count = Int32();
        return count >= 0 ? count : throw Broken($"{count} is no count");
    }

    public DateTimeOffset Time()
    {
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(Take(8));
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : throw Broken($"{ticks} is no time");
    }

    public ReadOnlySpan<byte> Bytes() => Take(Int32());

    public string Text()
    {
        var length = Int32();
        return length >= 0 ? Encoding.UTF8.GetString(Take(length)) : new string(MemoryMarshal.Cast<byte, char>(Take(-2L * length)));
    }

    public string? OptionalText() => Byte() == 0 ? null : Text();

    public readonly InvalidDataException Broken(string what) => new($"A journal record can't be read at its byte {Position}: {what}. It was written by another version, or the journal is damaged.");

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > record.Length - Position)
        {
            throw Broken($"it ends {count - (record.Length - Position)} bytes too soon");
        }

        Position += (int)count;
        return record.Slice(Position - (int)count, (int)count);
    }
}
