namespace AgentFunctions.Core.Orchestrations.Approval;

/// <summary>What is due next while nobody decides. Pure.</summary>
/// <param name="input">The request.</param>
/// <param name="start">When it was made.</param>
internal sealed class ApprovalSchedule(ApprovalInput input, DateTimeOffset start)
{
    /// <summary>When waiting ends; none where it does not.</summary>
    public DateTimeOffset? ExpiresAt => start + input.Expiry?.After;

    /// <summary>What is due next, or null where nothing ever is.</summary>
    /// <param name="reminded">How many reminders are behind.</param>
    /// <param name="escalated">Whether it was escalated.</param>
    public ApprovalDue? Next(int reminded, bool escalated)
    {
        ApprovalDue? next = ExpiresAt is { } end ? new(ApprovalStep.Expire, end) : null;
        if (!escalated && input.Escalation is { } escalation) next = Earlier(next, new(ApprovalStep.Escalate, start + escalation.After));
        if (input.Reminders is { } reminders && reminded < reminders.Count) next = Earlier(next, new(ApprovalStep.Remind, ReminderAt(reminders, reminded)));
        return next;
    }

    /// <summary>How many reminders are behind at a time: those whose time has passed count, so that they are not made up for in a burst.</summary>
    /// <param name="now">The time.</param>
    /// <param name="reminded">How many were behind before.</param>
    public int Reminded(DateTimeOffset now, int reminded)
    {
        if (input.Reminders is not { } reminders) return reminded;
        while (reminded < reminders.Count && ReminderAt(reminders, reminded) <= now) reminded++;
        return reminded;
    }

    private DateTimeOffset ReminderAt(ApprovalReminders reminders, int number) => start + reminders.After + ((reminders.Every ?? reminders.After) * number);

    // At the same time: expiry before escalation before a reminder.
    private static ApprovalDue Earlier(ApprovalDue? first, ApprovalDue other) => first is null || other.At < first.At ? other : first;
}

/// <summary>Something that is due.</summary>
/// <param name="Step">What.</param>
/// <param name="At">When.</param>
internal sealed record ApprovalDue(ApprovalStep Step, DateTimeOffset At);

/// <summary>What may be due while nobody decides.</summary>
internal enum ApprovalStep
{
    Remind,
    Escalate,
    Expire,
}
