using System.Globalization;

namespace AgentFunctions.Local.Journal;

/// <summary>
/// Where a record is: the number of its segment and the byte offset of its frame, packed in 8 bytes so that an index of millions of records is small.
/// Positions ascend in the order of appending, also across compactions. The default value is no position: segments are numbered from 1.
/// </summary>
/// <param name="Packed">The segment in the upper 32 bits, the offset in the lower.</param>
internal readonly record struct JournalPosition(ulong Packed) : IComparable<JournalPosition>
{
    public int Segment => (int)(Packed >> 32);

    public long Offset => (long)(Packed & uint.MaxValue);

    public static JournalPosition Of(int segment, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(segment);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, uint.MaxValue);
        return new(((ulong)segment << 32) | (ulong)offset);
    }

    public static bool operator <(JournalPosition left, JournalPosition right) => left.Packed < right.Packed;

    public static bool operator >(JournalPosition left, JournalPosition right) => left.Packed > right.Packed;

    public static bool operator <=(JournalPosition left, JournalPosition right) => left.Packed <= right.Packed;

    public static bool operator >=(JournalPosition left, JournalPosition right) => left.Packed >= right.Packed;

    public int CompareTo(JournalPosition other) => Packed.CompareTo(other.Packed);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Segment}:{Offset}");
}
