namespace AgentFunctions.Core.Tests.Orchestrations.Scripting;

/// <summary>What a scripted activity does: gives a value or fails after a while, or never ends.</summary>
internal sealed record Scripted<T>(TimeSpan? Delay, T? Value, Exception? Error);

/// <summary>One call of a scripted activity.</summary>
/// <param name="Input">Its input.</param>
/// <param name="Label">Its label.</param>
/// <param name="Attempt">The how-manieth call with this input it is, from 1.</param>
internal sealed record ScriptedCall<TIn>(TIn Input, string? Label, int Attempt);

internal static class Scripted
{
    public static Scripted<T> After<T>(int milliseconds, T value) => new(TimeSpan.FromMilliseconds(milliseconds), value, null);

    public static Scripted<T> Fails<T>(int milliseconds, Exception error) => new(TimeSpan.FromMilliseconds(milliseconds), default, error);

    public static Scripted<T> Never<T>() => new(null, default, null);
}
