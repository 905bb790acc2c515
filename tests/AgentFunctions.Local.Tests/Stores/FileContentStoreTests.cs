using System.Security.Cryptography;
using AgentFunctions.Core.Durable;
using AgentFunctions.Local.Journal;
using AgentFunctions.Local.Stores;

namespace AgentFunctions.Local.Tests.Stores;

public sealed class FileContentStoreTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("content-store");
    private readonly FileContentStore store;

    public FileContentStoreTests() => store = FileContentStore.Open(folder.FullName);

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000_000)]
    public async Task Put_Value_CanBeReadAfterReopening(int length)
    {
        var value = RandomNumberGenerator.GetBytes(length);
        var content = await store.PutAsync(value, CancellationToken.None);
        Assert.Equal(ContentRef.Of(value), content);
        var reopened = FileContentStore.Open(folder.FullName);
        Assert.True(await reopened.ExistsAsync(content, CancellationToken.None));
        Assert.Equal(value, (await reopened.GetAsync(content, CancellationToken.None)).ToArray());
    }

    [Fact]
    public async Task Put_Value_LiesInAShardUnderItsHash()
    {
        var content = await store.PutAsync("text"u8.ToArray(), CancellationToken.None);
        Assert.Equal([Path.Combine(folder.FullName, content.Sha256[..2], content.Sha256[2..])], Files());
    }

    [Fact]
    public async Task Put_Twice_LeavesTheFileUntouched()
    {
        await store.PutAsync("text"u8.ToArray(), CancellationToken.None);
        var path = Assert.Single(Files());
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await store.PutAsync("text"u8.ToArray(), CancellationToken.None);
        Assert.Equal(2020, File.GetLastWriteTimeUtc(path).Year);
    }

    [Fact]
    public async Task Put_ByManyAtOnce_AllCanBeRead()
    {
        var values = Enumerable.Range(0, 200).Select(n => BitConverter.GetBytes(n % 20)).ToArray();
        var contents = await Task.WhenAll(values.Select(value => Task.Run(() => store.PutAsync(value, CancellationToken.None))));
        for (var n = 0; n < values.Length; n++) Assert.Equal(values[n], (await store.GetAsync(contents[n], CancellationToken.None)).ToArray());
        Assert.Equal(20, Files().Length);
    }

    [Fact]
    public async Task Put_OverTruncatedFile_RepairsIt()
    {
        var content = await store.PutAsync("text"u8.ToArray(), CancellationToken.None);
        await File.WriteAllBytesAsync(Assert.Single(Files()), "te"u8.ToArray());
        Assert.False(await store.ExistsAsync(content, CancellationToken.None));
        await store.PutAsync("text"u8.ToArray(), CancellationToken.None);
        Assert.Equal("text"u8.ToArray(), (await store.GetAsync(content, CancellationToken.None)).ToArray());
    }

    [Theory]
    [InlineData("tex")]
    [InlineData("tExt")]
    [InlineData("")]
    public async Task Get_DamagedFile_NamesIt(string damaged)
    {
        var content = await store.PutAsync("text"u8.ToArray(), CancellationToken.None);
        var path = Assert.Single(Files());
        await File.WriteAllTextAsync(path, damaged);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => store.GetAsync(content, CancellationToken.None));
        Assert.Contains($"'{path}' is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Unknown_IsNotFound()
    {
        var gone = ContentRef.Of("gone"u8);
        await Assert.ThrowsAsync<ContentNotFoundException>(() => store.GetAsync(gone, CancellationToken.None));
        Assert.False(await store.ExistsAsync(gone, CancellationToken.None));
    }

    [Fact]
    public async Task Get_WrongLength_IsNotFound()
    {
        var content = await store.PutAsync("text"u8.ToArray(), CancellationToken.None);
        await Assert.ThrowsAsync<ContentNotFoundException>(() => store.GetAsync(content with { Length = 99 }, CancellationToken.None));
    }

    [Theory]
    [InlineData("../../../../../../etc/passwd")]
    [InlineData("..")]
    [InlineData("")]
    public async Task Get_AddressThatIsAPath_ReadsNothing(string path)
    {
        var content = new ContentRef(path, 1);
        await Assert.ThrowsAsync<ContentNotFoundException>(() => store.GetAsync(content, CancellationToken.None));
        Assert.False(await store.ExistsAsync(content, CancellationToken.None));
    }

    [Fact]
    public async Task Open_LeftoversOfACrash_AreDeleted()
    {
        var content = await store.PutAsync("text"u8.ToArray(), CancellationToken.None);
        var leftover = Path.Combine(folder.FullName, "tmp", "half");
        await File.WriteAllTextAsync(leftover, "te");
        var reopened = FileContentStore.Open(folder.FullName);
        Assert.False(File.Exists(leftover));
        Assert.True(await reopened.ExistsAsync(content, CancellationToken.None));
    }

    [Fact]
    public async Task Put_FolderCanNotBeWritten_FailsAndKeepsNothing()
    {
        var content = ContentRef.Of("text"u8);
        // A file where the shard's folder should be.
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, content.Sha256[..2]), "in the way");
        await Assert.ThrowsAnyAsync<IOException>(() => store.PutAsync("text"u8.ToArray(), CancellationToken.None));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder.FullName, "tmp")));
        Assert.False(await store.ExistsAsync(content, CancellationToken.None));
        File.Delete(Path.Combine(folder.FullName, content.Sha256[..2]));
        Assert.Equal(content, await store.PutAsync("text"u8.ToArray(), CancellationToken.None));
    }

    [Fact]
    public async Task Put_Cancelled_StoresNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync("text"u8.ToArray(), new CancellationToken(canceled: true)));
        Assert.Empty(Files());
    }

    [Fact]
    public void Open_FileInsteadOfFolder_FailsWithItsName()
    {
        var path = Path.Combine(folder.FullName, "file");
        File.WriteAllText(path, "");
        Assert.Contains(path, Assert.ThrowsAny<IOException>(() => FileContentStore.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Flush_NoSuchFolder_NamesIt()
    {
        if (OperatingSystem.IsWindows()) return;
        var error = Assert.Throws<IOException>(() => FolderSync.Once("/no/such/folder"));
        Assert.Contains("'/no/such/folder'", error.Message, StringComparison.Ordinal);
    }

    private string[] Files() => [.. Directory.GetFiles(folder.FullName, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
