using AgentFunctions.App.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.App.Tests.Storage;

public sealed class TableRowsTests
{
    private static readonly string LongestKey = new('k', 501);

    [Fact]
    public void Of_AnyLength_FitsARowAndReadsBack()
    {
        var lengths = Gen.OneOf(
            Gen.Choose(0, TableRows.MostValueBytes),
            from parts in Gen.Choose(0, 11)
            from off in Gen.Choose(-1, 1)
            select Math.Clamp((parts * TableRows.PartBytes) + off, 0, TableRows.MostValueBytes));
        Prop.ForAll(lengths.ToArbitrary(), length =>
        {
            var value = new byte[length];
            new Random(length).NextBytes(value);
            var row = TableRows.Of(LongestKey, "row", value, DateTimeOffset.UnixEpoch);
            TableLimits.Check(row);
            Assert.True(value.AsSpan().SequenceEqual(TableRows.ValueOf(row)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Of_LongestValueWithLongestKeys_FitsARow()
    {
        var row = TableRows.Of(LongestKey, LongestKey, new byte[TableRows.MostValueBytes], DateTimeOffset.UnixEpoch);
        TableLimits.Check(row);
        Assert.Equal(TableRows.MostValueBytes, TableRows.ValueOf(row).Length);
    }

    [Fact]
    public void Of_TooLong_SaysSo()
    {
        var error = Assert.Throws<ArgumentException>(() => TableRows.Of("p", "r", new byte[TableRows.MostValueBytes + 1], null));
        Assert.Contains("720897 bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("content store", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Expiry_IsKeptInUtc()
    {
        var time = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.FromHours(2));
        var expires = TableRows.ExpiresOf(TableRows.Of("p", "r", default, time));
        Assert.Equal(time, expires);
        Assert.Equal(TimeSpan.Zero, expires!.Value.Offset);
        Assert.Null(TableRows.ExpiresOf(TableRows.Of("p", "r", default, null)));
    }

    [Fact]
    public void ValueOf_MissingPart_SaysWhich()
    {
        var row = TableRows.Of("p", "r", new byte[TableRows.PartBytes + 1], null);
        var torn = row with { Properties = row.Properties.Where(p => p.Key != "V01").ToDictionary(p => p.Key, p => p.Value) };
        Assert.Contains("V01", Assert.Throws<InvalidDataException>(() => TableRows.ValueOf(torn)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => TableRows.ValueOf(new TableRow("p", "r")));
    }
}
