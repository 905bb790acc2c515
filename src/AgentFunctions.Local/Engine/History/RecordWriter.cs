using System.Buffers.Binary;
using System.Text;

namespace AgentFunctions.Local.Engine.History;

/// <summary>Writes the fields of a journal record: variable-length integers, length-prefixed UTF-8 and bytes. One buffer, reused.</summary>
internal sealed class RecordWriter
{
    private const int KeptCapacity = 1 << 20;
    private byte[] buffer = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        if (buffer.Length > KeptCapacity)
        {
            buffer = new byte[4096];
        }
    }

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void Integer(long value)
    {
        // Zigzag, so that small negative numbers stay small.
        var rest = (ulong)((value << 1) ^ (value >> 63));
        var span = Reserve(10);
        var count = 0;
        while (rest >= 0x80)
        {
            span[count++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        span[count++] = (byte)rest;
        Length -= 10 - count;
    }

    public void Time(DateTimeOffset value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value.UtcTicks);

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Integer(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        Integer(bytes);
        Encoding.UTF8.GetBytes(value, Reserve(bytes));
    }

    public void OptionalText(string? value)
    {
        Byte(value is null ? (byte)0 : (byte)1);
        if (value is not null)
        {
            Text(value);
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (buffer.Length - Length < count)
        {
            Array.Resize(ref buffer, Math.Max(checked(Length + count), buffer.Length * 2));
        }

        Length += count;
        return buffer.AsSpan(Length - count, count);
    }
}
