using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AgentFunctions.Local.Journal;

/// <summary>
/// Makes a folder's names durable. On Unix that takes an fsync of the folder itself, which .NET's own file functions refuse to open; on Windows
/// NTFS journals its metadata and there is nothing to call.
/// </summary>
internal sealed partial class FolderSync : IDisposable
{
    private readonly SafeFileHandle? handle;

    public FolderSync(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        // O_RDONLY (0 everywhere) and O_CLOEXEC, so that processes started by tools don't inherit it.
        var closeOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
        var descriptor = OpenFolder(folder, closeOnExec);
        if (descriptor < 0)
            throw new IOException($"Can't open the folder '{folder}' to sync it: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}. Check the disk.", Marshal.GetLastPInvokeError());
        handle = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Opens a folder, makes its names durable and lets it go.</summary>
    public static void Once(string folder)
    {
        using var sync = new FolderSync(folder);
        sync.Run();
    }

    public void Run()
    {
        if (handle is not null)
            RandomAccess.FlushToDisk(handle);
    }

    public void Dispose() => handle?.Dispose();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFolder(string path, int flags);
}
