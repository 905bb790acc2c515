using System.Buffers;

namespace AgentFunctions.Core.Caching.Levels;

/// <summary>Whole numbers in as few bytes as they need: seven bits a byte, the lowest first (LEB128).</summary>
internal static class Numbers
{
    /// <summary>Writes a number, in 1 to 10 bytes.</summary>
    public static void Write(ulong number, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(10);
        var length = 0;
        for (; number >= 0x80; number >>= 7) span[length++] = (byte)(number | 0x80);
        span[length++] = (byte)number;
        output.Advance(length);
    }
}

/// <summary>Reads what <see cref="Numbers"/> wrote, and bytes.</summary>
/// <param name="bytes">Where from.</param>
internal ref struct NumberReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;

    /// <summary>How many bytes have been read.</summary>
    public int Position { get; private set; }

    /// <summary>The next bytes.</summary>
    /// <exception cref="InvalidDataException">There are not as many.</exception>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > bytes.Length - Position) throw new InvalidDataException($"{count} bytes were expected at {Position}, and there are {bytes.Length} in all.");
        var taken = bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>The next number.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public ulong Number()
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1)[0];
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return number;
        }

        throw new InvalidDataException($"The number that ends at {Position} has more than 64 bits.");
    }
}
