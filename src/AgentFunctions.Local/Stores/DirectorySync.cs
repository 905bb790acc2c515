using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AgentFunctions.Local.Stores;

/// <summary>Makes a folder's own entries durable: on Unix a renamed or new file survives a power cut only once its folder is synced too (fsync(2)). On Windows renames are journaled, and it does nothing.</summary>
internal static class DirectorySync
{
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        // .NET refuses to open a folder as a file.
        var descriptor = Native.Open(folder, flags: 0);
        if (descriptor < 0) throw Failed("open", folder);
        try
        {
            if (Native.Sync(descriptor) != 0) throw Failed("sync", folder);
        }
        finally
        {
            _ = Native.Close(descriptor);
        }
    }

    private static IOException Failed(string what, string folder)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"Can't {what} the folder '{folder}': {new Win32Exception(error).Message}. Check the disk.", error);
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Sync(int descriptor);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int descriptor);
    }
}
