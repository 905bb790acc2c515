using AgentFunctions.App.Storage;

namespace AgentFunctions.App.Tests.Storage;

/// <summary>What Table Storage takes, from "Understanding the Table service data model".</summary>
internal static class TableLimits
{
    public static void Check(TableRow row)
    {
        CheckKey(row.PartitionKey);
        CheckKey(row.RowKey);
        Assert.InRange(row.Properties.Count, 0, 252);
        // The size formula of the data model: 4 + keys as UTF-16, and for each property 8 + its name as UTF-16 + its value.
        var size = 4 + ((row.PartitionKey.Length + row.RowKey.Length) * 2);
        foreach (var (name, value) in row.Properties)
        {
            Assert.InRange(name.Length, 1, 255);
            size += 8 + (name.Length * 2) + value switch
            {
                byte[] bytes => Length(bytes),
                int => 4,
                long or DateTimeOffset => 8,
                string text => 4 + (text.Length * 2),
                _ => throw new InvalidOperationException($"Tables have no type for {value.GetType()}."),
            };
        }

        Assert.InRange(size, 0, 1024 * 1024);
    }

    public static void CheckKey(string key)
    {
        Assert.InRange(key.Length * 2, 0, 1024);
        Assert.DoesNotContain(key, c => c is '/' or '\\' or '#' or '?' || c <= '\u001f' || c is >= '\u007f' and <= '\u009f' || char.IsSurrogate(c));
    }

    private static int Length(byte[] bytes)
    {
        Assert.InRange(bytes.Length, 0, 64 * 1024);
        return bytes.Length + 4;
    }
}
