using AgentFunctions.App.Storage;

namespace AgentFunctions.App.Tests.Storage;

public sealed class TableQueryTests
{
    private static readonly DateTimeOffset Time = new(2026, 2, 3, 4, 5, 6, 7, TimeSpan.FromHours(1));

    [Fact]
    public void ToFilter_Nothing_IsNull() => Assert.Null(new TableQuery().ToFilter());

    [Fact]
    public void ToFilter_Partition_DoublesQuotes() => Assert.Equal("PartitionKey eq 'it''s'", new TableQuery { PartitionKey = "it's" }.ToFilter());

    [Fact]
    public void ToFilter_Expired_IsInUtc() => Assert.Equal("ExpiresAt le datetime'2026-02-03T03:05:06.0070000Z'", new TableQuery { ExpiredAt = Time }.ToFilter());

    [Fact]
    public void ToFilter_Both_AreJoined() => Assert.Equal("PartitionKey eq 'p' and ExpiresAt le datetime'2026-02-03T03:05:06.0070000Z'", new TableQuery { PartitionKey = "p", ExpiredAt = Time }.ToFilter());

    [Fact]
    public void ToFilter_RowKeyAfter_StandsBetween() => Assert.Equal("PartitionKey eq 'p' and RowKey gt '7'", new TableQuery { PartitionKey = "p", RowKeyAfter = "7" }.ToFilter());
}
