using System.Globalization;

namespace AgentFunctions.Local.Journal;

/// <summary>
/// Exclusive hold of a folder, by a lock on a file in it (on Unix flock, so the system lets it go when the process ends, however it ends).
/// Who holds it is in a second file, for nobody else can read the locked one.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private const string LockName = "lock";
    private const string OwnerName = "lock.owner";
    private const int HeldLinux = 11;
    private const int HeldMac = 35;
    private const int HeldWindows = unchecked((int)0x80070020);
    private const string Unknown = "another process (whose ID can't be read)";
    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    public static FolderLock Take(string folder, string what)
    {
        var path = Path.Combine(folder, LockName);
        FileStream taken;
        try
        {
            taken = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is HeldLinux or HeldMac or HeldWindows)
        {
            throw new JournalLockedException(folder, Owner(folder), e, what);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalFolderException(folder, $"locking '{LockName}' in it", e, what);
        }

        try
        {
            File.WriteAllText(Path.Combine(folder, OwnerName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new FolderLock(taken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            taken.Dispose();
            throw new JournalFolderException(folder, $"writing '{OwnerName}' in it", e, what);
        }
    }

    public void Dispose() => file.Dispose();

    private static string Owner(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, OwnerName));
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? id == Environment.ProcessId ? $"this process ({id})" : $"process {id}"
                : Unknown;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // That somebody holds it is the news; who it is would only have helped.
            return Unknown;
        }
    }
}
