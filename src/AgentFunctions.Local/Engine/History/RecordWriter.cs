using System.Buffers.Binary;
using System.Runtime.InteropServices;
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

    /// <summary>Writes a text: UTF-8 and its length. Half a surrogate pair, as a label cut in the middle of an emoji has, is no UTF-8: then UTF-16, and the length is negative.</summary>
    public void Text(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!IsWellFormed(value))
        {
            Integer(-value.Length);
            MemoryMarshal.AsBytes(value.AsSpan()).CopyTo(Reserve(value.Length * sizeof(char)));
            return;
        }

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

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0; at = text.IndexOfAnyInRange('\uD800', '\uDFFF'))
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            text = text[(at + consumed)..];
        }

        return true;
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
