using AgentFunctions.Core.Durable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.Core.Results;

/// <summary>Registers where live output goes.</summary>
public static class RunOutputServices
{
    /// <summary>Registers <see cref="MemoryRunOutput"/> as <see cref="IRunOutputStore"/>, unless the host has registered another before, and <see cref="IRunOutput"/> over it, which forgives its failures. It asks the host's IRunClient which runs have ended.</summary>
    /// <param name="services">The host's services. Call it before AddModels, which would register an output that keeps nothing.</param>
    /// <param name="options">How much is kept. Default: the options' own.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options can't work.</exception>
    public static IServiceCollection AddRunOutput(this IServiceCollection services, RunOutputOptions? options = null)
    {
        var valid = (options ?? new()).Validated();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRunOutputStore>(host => new MemoryRunOutput(valid, host.GetRequiredService<TimeProvider>(), (id, cancellationToken) => HasEndedAsync(host, id, cancellationToken)));
        services.TryAddSingleton<IRunOutput>(host => new ForgivingRunOutput(host.GetRequiredService<IRunOutputStore>(), host.GetRequiredService<ILogger<ForgivingRunOutput>>()));
        return services;
    }

    private static async ValueTask<bool> HasEndedAsync(IServiceProvider host, string instanceId, CancellationToken cancellationToken) =>
        host.GetService<IRunClient>() is { } runs && (await runs.GetAsync(instanceId, includePayloads: false, cancellationToken) is not { } state || state.RuntimeStatus.IsFinal());
}
