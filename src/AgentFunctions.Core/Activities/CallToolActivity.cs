using System.Runtime.InteropServices;
using System.Text.Json;
using AgentFunctions.Core.Budgets;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Models.Budgets;
using AgentFunctions.Core.Resilience;
using AgentFunctions.Core.Tools;
using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Activities;

/// <summary>
/// Calls a tool, once its arguments fit its JSON schema, for as long as it may take, unless the cache has its answer. The tool finds the <see cref="ActivityContext"/> and the <see cref="ToolCall"/> in
/// <see cref="AIFunctionArguments.Context"/> under these types, and its key with <see cref="ToolExtensions.IdempotencyKey"/>.
/// </summary>
/// <param name="tools">The tools there are.</param>
/// <param name="store">Where an answer over 32 KB goes.</param>
/// <param name="time">The clock of timeouts. Default: the system's.</param>
/// <param name="services">The host's services, for tools that ask for some. Default: none.</param>
/// <param name="cache">Keeps the answers of tools that change nothing. Default: none.</param>
/// <param name="breakers">Keeps calls away from tools that are broken. Default: none.</param>
/// <param name="budgets">Count what tools say that they cost. Default: none.</param>
public sealed class CallToolActivity(ToolRegistry tools, IContentStore store, TimeProvider? time = null, IServiceProvider? services = null, ICallCache? cache = null, CircuitBreakers? breakers = null, BudgetLedger? budgets = null) : Activity<ToolCall, ToolReply>
{
    /// <summary>From more bytes of JSON than this an answer is stored rather than carried, unless the call asks for fewer: 32,768.</summary>
    public const int InlineBytes = 32 * 1024;

    /// <summary>The longest idempotency key, in characters.</summary>
    public const int LongestKey = 200;

    /// <summary>Calls the tool.</summary>
    /// <param name="context">Which call it serves.</param>
    /// <param name="input">The tool's name and its arguments.</param>
    /// <param name="cancellationToken">Handed to the tool; the built-in ones stop at once.</param>
    /// <exception cref="ToolArgumentsException">The arguments are wrong. The tool was not run.</exception>
    /// <exception cref="ToolFailedException">The tool said that it failed; or it is unsafe and its call had no key of its own, so that trying again might do its work twice.</exception>
    /// <exception cref="ToolTimeoutException">It took longer than it may.</exception>
    /// <exception cref="ToolUnavailableException">It can't be reached for now.</exception>
    /// <exception cref="CircuitOpenException">It has kept failing, on whichever worker, and is left alone for a while. The tool was not run.</exception>
    /// <exception cref="CacheMissException">Only a kept answer was asked for, and there is none. The tool was not run.</exception>
    /// <exception cref="PermanentFailureException">There is no such tool, or the settings of the cache are wrong. What else a read-only or idempotent tool throws goes through as it is.</exception>
    public override async Task<ToolReply> RunAsync(ActivityContext context, ToolCall input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        cancellationToken.ThrowIfCancellationRequested();
        if (input.IdempotencyKey is { Length: 0 or > LongestKey } key) throw new PermanentFailureException($"The idempotency key of the call of '{input.Tool}' has {key.Length} characters. Give 1 to {LongestKey}, or leave it out.");
        CacheSettingsRules.ThrowIfWrong(input.Cache);
        if (!tools.Contains(input.Tool)) await tools.Settled.WaitAsync(cancellationToken);
        var tool = tools.Find(input.Tool);
        tool.Check(input.Arguments);
        return await new CachedToolCalls(cache ?? NoCache.Instance, store).CallAsync(context, tool, input, CallAsync, cancellationToken);

        async Task<KeptToolReply> CallAsync(CacheLimit limit, CancellationToken token)
        {
            var result = await InvokeAsync(tool, Arguments(context, input, limit), input, token);
            if (result is ICosted { Cost: { } cost }) budgets?.Spend(context.InstanceId, context.Budget, BudgetedModels.AmountOf(cost));
            if (result is ICacheable { CacheFor: { } time }) limit.Lower(time);
            return await KeptAsync(tool.Function, result, token);
        }
    }

    private async ValueTask<object?> InvokeAsync(RegisteredTool tool, AIFunctionArguments arguments, ToolCall call, CancellationToken cancellationToken)
    {
        var pass = await ToolCircuits.EnterAsync(breakers, tool, call, cancellationToken);
        using var late = new CancellationTokenSource(tool.Description.Timeout, time ?? TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await RunToldAsync(pass, tool, arguments, stop.Token, late.Token, cancellationToken);
        }
        catch (Exception error) when (error is ArgumentException or JsonException)
        {
            throw new ToolArgumentsException(tool.Description.Name, $"The tool '{tool.Description.Name}' refused its arguments: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Judged(tool, call, new ToolTimeoutException(tool.Description.Name, tool.Description.Timeout, error));
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && MustNotRepeat(tool, call, error))
        {
            throw Judged(tool, call, error);
        }
    }

    /// <summary>Tells the tool's circuit how it went, before that is judged by what the tool may have done.</summary>
    private static async ValueTask<object?> RunToldAsync(CircuitPass? pass, RegisteredTool tool, AIFunctionArguments arguments, CancellationToken stop, CancellationToken late, CancellationToken cancellationToken)
    {
        try
        {
            var result = await RunBoundedAsync(tool, arguments, stop, late);
            pass?.Answered();
            return result;
        }
        catch (Exception error)
        {
            if (pass is not null) ToolCircuits.Failed(pass, error, cancellationToken.IsCancellationRequested);
            throw;
        }
    }

    /// <summary>A tool that does not look at its token is waited for no longer than one that does; what it still does is its own.</summary>
    private static async ValueTask<object?> RunBoundedAsync(RegisteredTool tool, AIFunctionArguments arguments, CancellationToken stop, CancellationToken late)
    {
        var running = tool.Function.InvokeAsync(arguments, stop);
        return running.IsCompleted ? await running : await running.AsTask().WaitAsync(late);
    }

    /// <summary>An unsafe tool may have done its work before it failed: a retry policy must not run it again, unless it goes by the key.</summary>
    private static bool MustNotRepeat(RegisteredTool tool, ToolCall call, Exception error) =>
        tool.Description.Effect == ToolEffect.Unsafe && call.IdempotencyKey is null
        && error is not (PermanentFailureException or NotSupportedException or ThrottledException or ToolUnavailableException { Sent: false });

    private static Exception Judged(RegisteredTool tool, ToolCall call, Exception error)
    {
        if (!MustNotRepeat(tool, call, error)) return error;
        return new ToolFailedException(tool.Description.Name, $"The tool '{tool.Description.Name}' failed ({error.GetType().Name}): {error.Message} It is not tried again, as it may have done its work: its effect is Unsafe. Look whether it did; if it may run twice, set Tools:Traits:{tool.Description.Name}:Effect to Idempotent.", error);
    }

    private AIFunctionArguments Arguments(ActivityContext context, ToolCall call, CacheLimit limit)
    {
        var arguments = new AIFunctionArguments(StringComparer.Ordinal) { Services = services, Context = new Dictionary<object, object?> { [typeof(ActivityContext)] = context, [typeof(ToolCall)] = call, [typeof(CacheLimit)] = limit } };
        if (call.Arguments is not { ValueKind: JsonValueKind.Object } json) return arguments;
        foreach (var argument in json.EnumerateObject()) arguments[argument.Name] = argument.Value;
        return arguments;
    }

    private async Task<KeptToolReply> KeptAsync(AIFunction tool, object? result, CancellationToken cancellationToken)
    {
        var cost = (result as ICosted)?.Cost;
        if (result is null or JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined }) return new KeptToolReply { Cost = cost };
        var value = result is JsonElement element ? element : JsonSerializer.SerializeToElement(result, tool.JsonSerializerOptions.GetTypeInfo(result.GetType()));
        var json = JsonMarshal.GetRawUtf8Value(value);
        return json.Length <= InlineBytes
            ? new KeptToolReply { Value = value, Cost = cost }
            : new KeptToolReply { Ref = await store.PutAsync(json.ToArray(), cancellationToken), Cost = cost };
    }
}
