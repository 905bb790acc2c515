using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Conversations;
using AgentFunctions.Core.Orchestrations.Branches;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Policies.Speculation;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Orchestrations.AgentLoop;

/// <summary>One run of an agent.</summary>
internal sealed class AgentRun(OrchestrationContext context, AgentLoopInput input, AgentClock clock)
{
    /// <summary>More calls than this in one turn are refused.</summary>
    public const int MostCalls = 100;

    private readonly AgentTally tally = new(input);
    private readonly AgentMemory memory = new(context, input);
    private AgentTools tools = new(context, input, []);
    private List<ConversationMessage> pending = [new() { Role = ConversationRole.User, Content = input.Task }];
    private TurnSituation situation = TurnSituation.Start(input.Task.Text);
    private ContentRef? head;
    private ChatReply? last;
    private Content? answer;
    private string? notice;
    private FailureDetails? error;

    public async Task<AgentLoopResult> RunAsync()
    {
        var described = DescribeAsync();
        await memory.RecallAsync();
        tools = new AgentTools(context, input, await described);
        head = memory.Head;
        AgentEnd? end;
        do
        {
            end = await TurnAsync();
        }
        while (end is null);

        await CloseAsync(end.Value);
        return Result(end.Value);
    }

    private async Task<IReadOnlyList<ToolDescription>> DescribeAsync()
    {
        if (input.Tools.Count == 0) return [];
        var list = await context.CallActivityAsync(ActivityReferences.DescribeTools, new ToolQuery(input.Tools), new RetryPolicy(), "tools");
        return list.Unknown.Count == 0 ? list.Tools : throw new TaskFailedException(new FailureDetails
        {
            Type = "UnknownTools",
            Message = $"There is no tool {string.Join(", ", list.Unknown.Select(name => $"'{name}'"))}. Leave it out, or register it with the host.",
            Permanent = true,
            Step = "tools",
        });
    }

    /// <summary>Asks the model once and runs what it wants.</summary>
    /// <returns>Why the run ends; null for another turn.</returns>
    private async Task<AgentEnd?> TurnAsync()
    {
        if (tally.Limit(clock.IsUp) is { } limit) return limit;
        tally.BeginTurn();
        context.SetCustomStatus(new RunProgress("turn", tally.Turns, input.MaxTurns));
        var starts = new HeadStarts(tools, tally.Turns, input.MaxParallelTools);
        try
        {
            // In the last turn no tool is run any more.
            if (tally.Turns < input.MaxTurns) starts.Guess(memory.Predict(situation));
            if (await AskAsync(starts) is not { } reply) return AgentEnd.TimeLimit;
            return await HandleAsync(reply, starts);
        }
        catch (ModelFailedException failed)
        {
            error = failed.Details;
            return BudgetFailures.IsOne(error) ? AgentEnd.BudgetExceeded : AgentEnd.ModelFailed;
        }
        finally
        {
            var (guesses, early) = starts.Close();
            tally.Add(guesses, early);
        }
    }

    /// <summary>Asks the model, and starts calls as it utters them.</summary>
    /// <returns>Its reply; null where the time is up.</returns>
    private async Task<ChatReply?> AskAsync(HeadStarts starts)
    {
        var told = input.EarlyStart && tally.Turns < input.MaxTurns && tools.AnyBearsRepetition ? $"tool-call-{tally.Turns}" : null;
        var call = new ChatCall
        {
            Model = input.Model,
            Instructions = input.Instructions,
            Head = head,
            Append = pending,
            Tools = input.Tools,
            MaxOutputTokens = input.MaxOutputTokens,
            Temperature = input.Temperature,
            Affinity = input.Session,
            Cache = input.Cache,
            Turn = tally.Turns,
            Stream = input.Stream,
            ToolCallEvent = told,
        };
        using var ended = new CancellationTokenSource();
        try
        {
            var asking = Attempts.RunAsync(context, new RetryPolicy(), memory.Draw, token => context.CallActivityAsync(ActivityReferences.StreamModel, call, new CallOptions { Label = $"turn {tally.Turns}", Cancellation = token }), clock.Deadline, failed: null, ended.Token);
            if (told is not null) _ = ListenAsync(told, starts, ended.Token);
            return await clock.WaitAsync(asking) ? await asking : null;
        }
        catch (TaskFailedException failed) when (tally.Turns > 1)
        {
            throw new ModelFailedException(failed.Details);
        }
        finally
        {
            ended.Cancel();
        }
    }

    private async Task ListenAsync(string name, HeadStarts starts, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                starts.Start(await context.WaitForExternalEventAsync<ModelToolCall>(name, ended));
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                // The reply has come.
            }
            catch (System.Text.Json.JsonException)
            {
                // Whoever raised this is not the model's activity, and it is no call: there is nothing to start.
            }
        }
    }

    private async Task<AgentEnd?> HandleAsync(ChatReply reply, HeadStarts starts)
    {
        tally.Add(reply);
        (head, last, pending) = (reply.Head, reply, []);
        notice ??= reply.Notice;
        if (reply.Text is { Ref: not null } or { Text.Length: > 0 }) answer = reply.Text;
        AgentEnd? end = reply.FinishReason switch
        {
            "content_filter" => AgentEnd.ContentFiltered,
            "length" => AgentEnd.Length,
            _ => reply.ToolCalls.Count == 0 ? AgentEnd.Answered : tally.Limit(clock.IsUp),
        };
        memory.Observe(situation, reply.ToolCalls.Where(call => ToolAnswers.Fault(call, tools) is null));
        if (end is null) await RunToolsAsync(reply.ToolCalls, starts);
        else Refuse(reply.ToolCalls, $"The tool was not called: the run ended ({end}).");
        return end;
    }

    private async Task RunToolsAsync(IReadOnlyList<ModelToolCall> calls, HeadStarts starts)
    {
        var faults = calls.Select((call, place) => place >= MostCalls ? $"There are {calls.Count} calls in this turn, and only the first {MostCalls} are made. Call it again in the next turn." : ToolAnswers.Fault(call, tools)).ToList();
        var made = calls.Where((_, place) => faults[place] is null).ToList();
        var branches = made.Select((call, place) => Body(call, $"{tally.Turns}.{place + 1} {call.Tool}", starts)).ToList();
        var options = new FanOutOptions { MaxParallel = input.MaxParallelTools, BranchTimeout = input.ToolTimeout, Retry = RetryPolicy.None };
        var outcomes = new Queue<Branch<ToolReply>>(await FanOut.RunAsync(context, branches, options, cancellationToken: clock.TimeUp));
        tools.Remember(made);
        situation = TurnSituation.After([.. made.Zip(outcomes, ToolAnswers.Outcome)]);
        for (var place = 0; place < calls.Count; place++)
        {
            if (faults[place] is { } fault)
            {
                Refuse([calls[place]], fault);
                continue;
            }

            var outcome = outcomes.Dequeue();
            tally.Add(calls[place].Tool, outcome);
            pending.Add(ToolAnswers.Of(calls[place], outcome, input.ToolTimeout));
        }
    }

    private BranchBody<ToolReply> Body(ModelToolCall call, string key, HeadStarts starts)
    {
        var request = tools.CallOf(call.Tool, call.Arguments!.Value);
        if (starts.Take(call.Tool, call.Arguments!.Value) is not { } running) return new(key, token => tools.CallAsync(request, key, token));

        // Equal calls share what runs, and it is paid for once.
        var isShared = running.IsUsed;
        running.IsUsed = true;
        return new(key, async token =>
        {
            var reply = await running.ValueAsync(() => tools.CallAsync(request, key, token));
            return isShared ? reply with { Cost = null } : reply;
        });
    }

    private void Refuse(IReadOnlyList<ModelToolCall> calls, string why)
    {
        tally.Refused += calls.Count;
        pending.AddRange(calls.Select(call => ToolAnswers.Error(call, why)));
    }

    /// <summary>Leaves a conversation in which every call has an answer, and remembers. What fails here costs the memory and not the answer.</summary>
    private async Task CloseAsync(AgentEnd end)
    {
        try
        {
            if (tally.Turns > 0 && pending.Count > 0) head = await context.CallActivityAsync(ActivityReferences.StoreMessages, new ConversationDelta(head, pending), new RetryPolicy(), "close");
            if (end != AgentEnd.ContentFiltered) await memory.KeepAsync(head);
        }
        catch (TaskFailedException failed)
        {
            error ??= failed.Details;
        }
    }

    private AgentLoopResult Result(AgentEnd end) => new()
    {
        Reason = end,
        Answer = answer,
        Turns = tally.Turns,
        ToolCalls = tally.Uses,
        Refused = tally.Refused,
        Cost = tally.Cost,
        Speculation = tally.Guesses,
        EarlyStarts = tally.EarlyStarts,
        Conversation = head,
        Session = memory.Session,
        Model = last?.Model,
        Error = error,
        CachedTurns = tally.CachedTurns,
        Cache = last?.Cache,
        Notice = notice,
    };

    /// <summary>The model failed after what is worth keeping.</summary>
    private sealed class ModelFailedException(FailureDetails details) : Exception(details.Message)
    {
        public FailureDetails Details { get; } = details;
    }
}
