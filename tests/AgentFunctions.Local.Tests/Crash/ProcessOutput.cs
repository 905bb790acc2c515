using System.Text;

namespace AgentFunctions.Local.Tests.Crash;

/// <summary>What a process writes to one of its outputs, line by line as it comes.</summary>
internal sealed class ProcessOutput
{
    private readonly Lock gate = new();
    private readonly StringBuilder text = new();
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> waiting = [];
    private readonly List<string> lines = [];
    private bool ended;

    public ProcessOutput(StreamReader reader) => Ended = ReadAsync(reader);

    /// <summary>Ends with the output.</summary>
    public Task Ended { get; }

    /// <summary>The first line that is wanted, there already or still to come.</summary>
    /// <exception cref="EndOfStreamException">The output ended without it.</exception>
    public Task<string> LineAsync(Func<string, bool> wanted)
    {
        lock (gate)
        {
            if (lines.Find(line => wanted(line)) is { } there)
            {
                return Task.FromResult(there);
            }

            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (ended)
            {
                found.SetException(new EndOfStreamException("The output has ended without the line."));
            }
            else
            {
                waiting.Add((wanted, found));
            }

            return found.Task;
        }
    }

    public override string ToString()
    {
        lock (gate)
        {
            return text.ToString();
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (gate)
            {
                text.AppendLine(line);
                lines.Add(line);
                foreach (var (_, found) in waiting.Where(w => w.Wanted(line)))
                {
                    found.TrySetResult(line);
                }
            }
        }

        lock (gate)
        {
            ended = true;
            foreach (var (_, found) in waiting)
            {
                found.TrySetException(new EndOfStreamException("The output ended without the line."));
            }
        }
    }
}
