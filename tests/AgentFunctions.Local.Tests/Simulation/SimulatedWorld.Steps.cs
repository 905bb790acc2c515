using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Serialization;
using AgentFunctions.Local.Engine.Effects;
using AgentFunctions.Local.Engine.Messages;
using AgentFunctions.Local.Journal;

namespace AgentFunctions.Local.Tests.Simulation;

/// <summary>What happens in one step of the world.</summary>
internal sealed partial class SimulatedWorld
{
    private readonly List<Effect> kept = [];
    private readonly Dictionary<(long Handle, int CallId), string> names = [];
    private readonly Dictionary<string, int> failures = new(StringComparer.Ordinal);

    private void Step()
    {
        now = now.AddMilliseconds(random.Next(0, 5));
        if (Restarts < faults.MostRestarts && Chance(faults.Crash + faults.Kill))
        {
            kept.Clear();
            Restart(Chance(faults.Crash / (faults.Crash + faults.Kill)) ? storage.Crash(random) : storage.Kill());
            return;
        }

        switch (random.Next(10))
        {
            case 0: AskForMissingRun(); break;
            case 1 or 2: Deliver(); break;
            case 3 or 4: machine.HandleInternal(now); break;
            case 5 or 6: EndSomeActivity(); break;
            case 7: PassTime(); break;
            default: FlushOrFail(); break;
        }
    }

    private bool Chance(double probability) => random.NextDouble() < probability;

    private void AskForMissingRun()
    {
        var missing = wanted.Where(w => !accepted.Contains(w.InstanceId)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var run = missing[random.Next(missing.Count)];
        var request = new StartRun(run.Orchestrator, run.InstanceId, DurableJson.Write(run.Input, catalog.Json), RunPriority.Workflow);
        asked[run.InstanceId] = request.Source.Task;
        Send(request);
    }

    private void Send(EngineMessage message)
    {
        inFlight.Add(message);
        if (Chance(faults.Duplicate))
        {
            inFlight.Add(message is StartRun start ? new StartRun(start.Orchestrator, start.InstanceId, start.Input, start.Priority) : message);
        }
    }

    private void Deliver()
    {
        if (inFlight.Count == 0)
        {
            return;
        }

        var index = random.Next(inFlight.Count);
        var message = inFlight[index];
        inFlight.RemoveAt(index);
        machine.Handle(message, now);
        if (message is ActivityEnded ended && names.Remove((ended.Handle, ended.CallId), out var instanceId))
        {
            unwritten.Add((instanceId, ended.CallId));
        }
    }

    private void EndSomeActivity()
    {
        if (running.Count == 0)
        {
            return;
        }

        var index = random.Next(running.Count);
        var work = running[index];
        running.RemoveAt(index);
        var key = (work.InstanceId, work.CallId);
        executions[key] = executions.GetValueOrDefault(key) + 1;
        names[(work.Handle, work.CallId)] = work.InstanceId;
        Send(Execute(work));
    }

    private ActivityEnded Execute(ActivityWork work)
    {
        if (Chance(faults.FailingActivity) && MayFail(work))
        {
            return new ActivityEnded(work.Handle, work.CallId, default, new FailureDetails { Type = nameof(IOException), Message = "a simulated fault" }, now);
        }

        try
        {
            var task = catalog.Activities[work.Name].RunAsync(services, new ActivityContext(work.InstanceId, work.Name, work.CallId), work.Input, catalog.Json, CancellationToken.None);
            // Its time is the world's, not the clock's: whatever it really waits for is waited out here.
            return new ActivityEnded(work.Handle, work.CallId, task.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult(), null, now);
        }
        catch (Exception e) when (e is not BrokenPromiseException)
        {
            return new ActivityEnded(work.Handle, work.CallId, default, FailureDetails.From(e, work.Name), now);
        }
    }

    private bool MayFail(ActivityWork work)
    {
        var call = $"{work.InstanceId}/{work.Name}/{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(work.Input.Span))}";
        failures[call] = failures.GetValueOrDefault(call) + 1;
        return failures[call] <= faults.MostFailures;
    }

    /// <summary>Time stands nearly still while anything is under way, so that timeouts strike only what is really stuck.</summary>
    private void PassTime()
    {
        Flush();
        if (machine.NextTimer is { } due && running.Count == 0 && inFlight.Count == 0 && !machine.HasInternalMessages)
        {
            now = due > now ? due : now;
        }

        machine.FireTimer(now);
    }

    private void FlushOrFail()
    {
        if (Restarts < faults.MostRestarts && journal.PendingBytes > 0 && Chance(faults.FailingSync))
        {
            storage.Faults.FailSyncAt = 1;
            try
            {
                Write();
            }
            catch (JournalFailedException)
            {
                // The host stops, and is started again by whoever watches it.
                kept.Clear();
                Restart(Chance(0.5) ? storage.Crash(random) : storage.Kill());
                return;
            }

            throw new BrokenPromiseException(seed, "an fsync failed and the journal went on.");
        }

        Flush();
    }

    private void Flush()
    {
        kept.AddRange(machine.TakeEffects());
        Write();
        foreach (var effect in kept.ToList())
        {
            effect.Release(this);
        }

        kept.Clear();
        foreach (var (id, task) in asked)
        {
            if (task.IsCompletedSuccessfully)
            {
                accepted.Add(id);
            }
        }

        Compact();
    }

    private void Write()
    {
        if (journal.PendingBytes > 0)
        {
            journal.Write(journal.TakeBatch());
        }

        machine.NoteWritten();
        recorded.UnionWith(unwritten);
        unwritten.Clear();
    }

    private void Compact()
    {
        if (!machine.WantsCompaction)
        {
            return;
        }

        var (compaction, rewrite) = machine.BeginCompaction();
        using (compaction)
        {
            compaction.Run(rewrite, CancellationToken.None);
            machine.CompleteCompaction(compaction);
        }
    }
}
