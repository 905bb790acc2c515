namespace AgentFunctions.Local.Journal;

/// <summary>A journal's folder on disk, held by one owner at a time.</summary>
internal sealed class PhysicalJournalStorage : IJournalStorage
{
    private readonly FolderLock held;
    private readonly FolderSync sync;

    /// <summary>Creates the folder where needed and takes hold of it.</summary>
    /// <param name="folder">Its path.</param>
    /// <param name="what">What is kept there, for messages.</param>
    /// <exception cref="JournalFolderException">It can't be created or written to.</exception>
    /// <exception cref="JournalLockedException">Another process, or another part of this one, holds it.</exception>
    public PhysicalJournalStorage(string folder, string what = "journal")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Folder = Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalFolderException(Folder, "creating it", e, what);
        }

        held = FolderLock.Take(Folder, what);
        try
        {
            sync = new FolderSync(Folder);
        }
        catch (Exception e)
        {
            held.Dispose();
            throw new JournalFolderException(Folder, "opening it", e, what);
        }
    }

    public string Folder { get; }

    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path))];

    public IJournalFile Create(string name) => PhysicalJournalFile.Open(PathOf(name), FileMode.CreateNew);

    public IJournalFile Open(string name) => PhysicalJournalFile.Open(PathOf(name), FileMode.Open);

    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    public void Delete(string name) => File.Delete(PathOf(name));

    public void SyncFolder() => sync.Run();

    public void Dispose()
    {
        sync.Dispose();
        held.Dispose();
    }

    private string PathOf(string name) => Path.Combine(Folder, name);
}
