using System.Text.Json;

namespace AgentFunctions.Core.Tools;

/// <summary>A tool that stands for many services. One of them may be broken while the others work, so each has a circuit breaker of its own.</summary>
public interface IManyServices
{
    /// <summary>Which service a call goes to, such as a host; null where that can't be told, or it would not be called. It holds nothing of a tenant, and there are not endlessly many.</summary>
    /// <param name="arguments">The call's arguments, which fit the tool's schema.</param>
    string? ServiceOf(JsonElement? arguments);
}
