namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>A batch of the simulated provider.</summary>
internal sealed class SimulatedBatch(int number, SimulatedFile input, IReadOnlyDictionary<string, string>? metadata, DateTimeOffset createdAt)
{
    private const double ValidatingSeconds = 1;
    private const double FinalizingSeconds = 1;

    public int Number => number;

    public string Id { get; } = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"batch_{number}");

    public SimulatedFile Input => input;

    public IReadOnlyDictionary<string, string>? Metadata => metadata;

    public DateTimeOffset CreatedAt => createdAt;

    public DateTimeOffset? CancelledAt { get; set; }

    public List<BatchRequestLine>? Lines { get; set; }

    public string? Fault { get; set; }

    public int? FaultLine { get; set; }

    public string? OutputFileId { get; set; }

    public string? ErrorFileId { get; set; }

    /// <summary>One looks at it at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>Its status at a time, and how many of its requests have ended by then. A function of the clock alone.</summary>
    public (string Status, int Done) At(DateTimeOffset now, ProviderSimulatorOptions options)
    {
        var age = (now - createdAt).TotalSeconds;
        if (age < ValidatingSeconds) return CancelledAt is null ? ("validating", 0) : ("cancelling", 0);
        if (Fault is not null) return ("failed", 0);
        var cancelledAfter = CancelledAt is { } cancelled ? (cancelled - createdAt).TotalSeconds : double.PositiveInfinity;
        var workUntil = Math.Min(Math.Min(age, cancelledAfter), options.BatchWindowSeconds);
        var done = (int)Math.Clamp(Lines!.Count * (workUntil - ValidatingSeconds) / options.BatchSeconds, 0, Lines.Count);
        if (cancelledAfter <= age) return (age < cancelledAfter + FinalizingSeconds ? "cancelling" : "cancelled", done);
        if (done < Lines.Count) return (age >= options.BatchWindowSeconds ? "expired" : "in_progress", done);
        return (age < ValidatingSeconds + options.BatchSeconds + FinalizingSeconds ? "finalizing" : "completed", done);
    }
}

/// <summary>A file of the simulated provider.</summary>
internal sealed record SimulatedFile(string Id, byte[] Bytes, string Name, string Purpose, DateTimeOffset CreatedAt);
