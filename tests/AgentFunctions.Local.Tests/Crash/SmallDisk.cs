using System.Diagnostics;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>A place for a host's data that is soon full.</summary>
internal abstract class SmallDisk : IDisposable
{
    private readonly DataFolder folder = new();

    /// <summary>What the host's advice must name, besides the file.</summary>
    public abstract string Advice { get; }

    protected string Root => folder.Root;

    protected abstract string Data { get; }

    /// <summary>A file system of 1 MiB where this process may mount one; else a limit of 512 KiB on any file that the host writes.</summary>
    public static SmallDisk Smallest() => MountedDisk.TryMount() ?? (SmallDisk)new FileLimit();

    /// <summary>Starts <c>serve</c> on it.</summary>
    public HostProcess Serve() => HostProcess.StartProgram([.. Launcher, .. HostProcess.Program, "serve", "--port", "0", "--data", Data], [.. folder.Environment, .. Variables]);

    /// <summary>Makes room.</summary>
    public abstract void Widen();

    public virtual void Dispose() => folder.Dispose();

    protected virtual IReadOnlyList<string> Launcher => [];

    protected virtual IReadOnlyList<(string Name, string Value)> Variables => [];

    /// <summary>A tmpfs. It needs the right to mount.</summary>
    private sealed class MountedDisk : SmallDisk
    {
        public override string Advice => "The disk is full: free some space, then start again.";

        protected override string Data => Path.Combine(Mount, "data");

        private string Mount => Path.Combine(Root, "disk");

        public static MountedDisk? TryMount()
        {
            var disk = new MountedDisk();
            Directory.CreateDirectory(disk.Mount);
            if (Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.Mount))
            {
                return disk;
            }

            ((SmallDisk)disk).folder.Dispose();
            return null;
        }

        public override void Widen() => Assert.True(Run("mount", "-o", "remount,size=64m", Mount));

        public override void Dispose()
        {
            Assert.True(Run("umount", Mount));
            base.Dispose();
        }

        private static bool Run(string program, params IEnumerable<string> arguments)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
                process.StandardError.ReadToEnd();
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // There is no such program here.
                return false;
            }
        }
    }

    /// <summary>RLIMIT_FSIZE, with its signal ignored, so that a write comes back with EFBIG as it does with ENOSPC on a full disk.</summary>
    internal sealed class FileLimit : SmallDisk
    {
        private bool wide;

        public override string Advice => "ulimit -f";

        protected override string Data => Path.Combine(Root, "data");

        protected override IReadOnlyList<string> Launcher => wide ? [] : ["bash", "-c", "trap '' XFSZ; ulimit -f 512; exec \"$@\"", "bash"];

        // The runtime maps its code through files that would be over the limit.
        protected override IReadOnlyList<(string Name, string Value)> Variables => [("DOTNET_EnableWriteXorExecute", "0"), ("DOTNET_EnableDiagnostics", "0")];

        public override void Widen() => wide = true;
    }
}
