using AgentFunctions.Core.Policies.Sagas;
using FsCheck;
using FsCheck.Fluent;

namespace AgentFunctions.Core.Tests.Policies.Sagas;

public sealed class SagaCourseTests
{
    /// <summary>A saga and the dice that say how everything in it goes.</summary>
    private static readonly Gen<(SagaTraits[] Traits, bool Waits, int[] Dice)> Sagas =
        from count in Gen.Choose(1, 6)
        from traits in (from compensated in Gen.Frequency((4, Gen.Constant(true)), (1, Gen.Constant(false)))
                        from safe in Gen.Elements(true, false)
                        select new SagaTraits(compensated, safe)).ArrayOf(count)
        from waits in Gen.Elements(true, false)
        from dice in Gen.Choose(0, 99).ArrayOf(100)
        select (traits, waits, dice);

    [Fact]
    public void Next_AnyCourseOfThings_KeepsTheRulesAndEnds() => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(Sagas.ToArbitrary(), saga => Live(saga.Traits, saga.Waits, saga.Dice)));

    [Fact]
    public void Next_AllSucceed_RunsEachStepOnceInOrder()
    {
        var course = SagaCourse.Of([new(true, false), new(false, false), new(true, true)], false);
        for (var step = 0; step < 3; step++)
        {
            Assert.Equal(new SagaMove(SagaMoveKind.Step, step), course.Next);
            course = course.StepEnded(step, SagaStepStatus.Succeeded);
        }

        Assert.Equal(SagaMoveKind.End, course.Next.Kind);
        Assert.All(course.Undos, undo => Assert.Equal(SagaUndoStatus.NotNeeded, undo));
    }

    [Theory]
    [InlineData(true, SagaMoveKind.Compensation)]
    [InlineData(false, SagaMoveKind.Person)]
    public void StepEnded_Unknown_IsCompensatedOnlyWhereThatIsSafe(bool safe, SagaMoveKind next) =>
        Assert.Equal(next, SagaCourse.Of([new(true, safe)], false).StepEnded(0, SagaStepStatus.Unknown).Next.Kind);

    [Fact]
    public void Next_AParkedLaterStep_HoldsUpEarlierOnesOnlyWhereAskedTo()
    {
        foreach (var waits in (bool[])[true, false])
        {
            var course = SagaCourse.Of([new(true, false), new(true, false)], waits).StepEnded(0, SagaStepStatus.Succeeded).StepEnded(1, SagaStepStatus.Succeeded).Cancel();
            course = course.CompensationEnded(1, isDone: false);
            Assert.Equal(waits ? new SagaMove(SagaMoveKind.Person) : new SagaMove(SagaMoveKind.Compensation, 0), course.Next);
        }
    }

    [Fact]
    public void Events_OutOfTurn_AreRefused()
    {
        var course = SagaCourse.Of([new(true, false), new(true, false)], false);
        Assert.Throws<InvalidOperationException>(() => course.StepEnded(1, SagaStepStatus.Succeeded));
        Assert.Throws<InvalidOperationException>(() => course.CompensationEnded(0, isDone: true));
        Assert.Throws<InvalidOperationException>(() => course.Resolve(0, SagaDecision.Done));
    }

    private static bool Live(SagaTraits[] traits, bool waits, int[] dice)
    {
        var course = SagaCourse.Of(traits, waits);
        var begun = new List<int>();
        var undone = new List<int>();
        var decided = false;
        var expired = false;
        for (var turn = 0; turn < dice.Length; turn++)
        {
            var die = dice[turn];
            switch (course.Next)
            {
                case { Kind: SagaMoveKind.End }:
                    return EndedWell(course, traits, expired);
                case { Kind: SagaMoveKind.Step, Step: var step }:
                    if (course.TurnedBack || step != begun.Count) return false;
                    if (die < 5)
                    {
                        course = course.Cancel();
                        break;
                    }

                    begun.Add(step);
                    course = course.StepEnded(step, die < 75 ? SagaStepStatus.Succeeded : die < 85 ? SagaStepStatus.Refused : SagaStepStatus.Unknown);
                    break;
                case { Kind: SagaMoveKind.Compensation, Step: var step }:
                    var status = course.Steps[step];
                    if (!course.TurnedBack || !traits[step].IsCompensated || status is SagaStepStatus.NotStarted or SagaStepStatus.Refused) return false;

                    // What nobody knows is compensated only where that is safe, or a person said so.
                    if (status == SagaStepStatus.Unknown && !traits[step].IsSafeIfUnknown && !decided) return false;

                    // In reverse order, but for what a person sent round again.
                    if (!decided && undone.Exists(earlier => earlier <= step)) return false;
                    undone.Add(step);
                    course = course.CompensationEnded(step, die < 60);
                    break;
                default:
                    if (die < 5)
                    {
                        (course, expired) = (course.Expire(), true);
                        break;
                    }

                    decided = true;
                    var parked = Enumerable.Range(0, traits.Length).Where(course.IsParked).ToList();
                    course = course.Resolve(parked[die % parked.Count], (SagaDecision)(die % 3));
                    break;
            }
        }

        return false;
    }

    private static bool EndedWell(SagaCourse course, SagaTraits[] traits, bool expired) => course.TurnedBack
        ? Enumerable.Range(0, traits.Length).All(step => course.Steps[step] is SagaStepStatus.NotStarted or SagaStepStatus.Refused || !traits[step].IsCompensated
            ? course.Undos[step] == SagaUndoStatus.NotNeeded
            : course.Undos[step] is SagaUndoStatus.Done or SagaUndoStatus.DoneByHand or SagaUndoStatus.Skipped || (expired && course.Undos[step] == SagaUndoStatus.Unresolved))
        : course.Steps.All(status => status == SagaStepStatus.Succeeded);
}
