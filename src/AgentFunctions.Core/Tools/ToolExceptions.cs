using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Tools;

/// <summary>The arguments of a tool's call are wrong: whoever wrote them, such as a model, can write better ones. The tool was not run.</summary>
/// <param name="tool">The tool.</param>
/// <param name="message">Which argument, its value, and what is allowed.</param>
/// <param name="inner">What it comes from. Default: nothing.</param>
public sealed class ToolArgumentsException(string tool, string message, Exception? inner = null) : PermanentFailureException(message, inner)
{
    /// <summary>The tool.</summary>
    public string Tool { get; } = tool;
}

/// <summary>A tool ran and failed, and must not be run again by itself: it said so, or it is <see cref="ToolEffect.Unsafe"/> and may have done its work.</summary>
/// <param name="tool">The tool.</param>
/// <param name="message">How it failed.</param>
/// <param name="inner">What it comes from. Default: nothing.</param>
public sealed class ToolFailedException(string tool, string message, Exception? inner = null) : PermanentFailureException(message, inner)
{
    /// <summary>The tool.</summary>
    public string Tool { get; } = tool;
}

/// <summary>A tool can't be reached for now, such as one of an MCP server that is down. Trying again may help.</summary>
/// <param name="message">Why, since when, and what to do.</param>
/// <param name="sent">Whether the call had been sent, so that it may have had its effect.</param>
/// <param name="inner">What it comes from. Default: nothing.</param>
public sealed class ToolUnavailableException(string message, bool sent = false, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the call had been sent, so that it may have had its effect.</summary>
    public bool Sent { get; } = sent;
}

/// <summary>A tool took longer than it may.</summary>
/// <param name="tool">The tool.</param>
/// <param name="timeout">How long it may take.</param>
/// <param name="inner">What it comes from. Default: nothing.</param>
public sealed class ToolTimeoutException(string tool, TimeSpan timeout, Exception? inner = null)
    : TimeoutException($"The tool '{tool}' had not answered after {timeout.TotalSeconds.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)} s, its timeout, and was stopped. Ask it for less, or raise Tools:Traits:{tool}:Timeout.", inner)
{
    /// <summary>The tool.</summary>
    public string Tool { get; } = tool;

    /// <summary>How long it may take.</summary>
    public TimeSpan Timeout { get; } = timeout;
}
