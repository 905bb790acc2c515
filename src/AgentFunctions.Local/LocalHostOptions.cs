using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Local;

/// <summary>How the embedded host is set up.</summary>
internal sealed record LocalHostOptions
{
    /// <summary>Where <c>serve</c> and <c>run</c> keep their data unless told otherwise: this folder under the current one.</summary>
    public const string DefaultDataDirectory = ".agentfunctions";

    /// <summary>The address that <c>serve</c> listens on unless told otherwise: the Functions host's own port, on this machine only.</summary>
    public const string DefaultUrls = "http://127.0.0.1:7071";

    /// <summary>The lowest <see cref="MaxActivities"/>.</summary>
    public const int FewestActivities = 1;

    /// <summary>The highest <see cref="MaxActivities"/>.</summary>
    public const int MostActivities = 100_000;

    /// <summary>The folder of the journal, the content store and the cache; null keeps everything in memory, and loses it with the process. Default: null.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The addresses to serve HTTP on, separated by semicolons; null serves none. Default: null.</summary>
    public string? Urls { get; init; }

    /// <summary>How many activities run at the same time, 1 to 100,000. Default: 256.</summary>
    public int MaxActivities { get; init; } = 256;

    /// <summary>The least severe log entries that are written, to standard error. Default: <see cref="LogLevel.Information"/>.</summary>
    public LogLevel MinimumLogLevel { get; init; } = LogLevel.Information;

    /// <summary>What is wrong with the settings, one message each; empty where they are valid.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (MaxActivities is < FewestActivities or > MostActivities)
        {
            errors.Add($"max-activities is {MaxActivities}. It must be {FewestActivities} to {MostActivities}.");
        }

        if (DataDirectory is not null && string.IsNullOrWhiteSpace(DataDirectory))
        {
            errors.Add("data is empty. Name a folder, or leave the setting out.");
        }

        if (DataDirectory is not null && File.Exists(DataDirectory))
        {
            errors.Add($"data is '{DataDirectory}', which is a file. Name a folder; it is made where there is none.");
        }

        errors.AddRange((Urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(u => !IsAddress(u))
            .Select(url => $"urls has '{url}', which is no address to listen on. Write http://HOST:PORT with a port of 0 to 65535, as in {DefaultUrls}."));
        if (Urls is not null && string.IsNullOrWhiteSpace(Urls))
        {
            errors.Add($"urls is empty. Write http://HOST:PORT, as in {DefaultUrls}.");
        }

        return errors;
    }

    /// <summary>These settings, where they are valid.</summary>
    /// <exception cref="OptionsValidationException">They are not; the message names each setting, its value and the allowed range.</exception>
    public LocalHostOptions Validated() => Errors() is { Count: > 0 } errors ? throw new OptionsValidationException("", typeof(LocalHostOptions), errors) : this;

    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.Port is >= 0 and <= 65_535;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
