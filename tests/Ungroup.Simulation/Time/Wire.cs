namespace Ungroup.Simulation.Time;

/// <summary>How one exchange goes. Null means that it does not: no arrival, no reply, no failure.</summary>
internal sealed record Trip(TimeSpan? There, TimeSpan? Back = null, TimeSpan? FailsAfter = null, Func<Exception>? Failure = null);

/// <summary>
/// Exchanges between a worker and the rest of the world. The effect happens where the request arrives, whether or not the
/// worker lives to hear of it; the reply completes the task on the simulation's thread.
/// </summary>
internal sealed class Wire(Schedule schedule)
{
    /// <summary>Asked before a request leaves and before a reply is heard, which is to say at every await: whether the worker dies there.</summary>
    public Func<Process, bool> Dies { get; set; } = _ => false;

    public Task<T> CallAsync<T>(Process caller, Trip trip, Func<T> effect, CancellationToken cancellationToken = default)
    {
        var reply = new TaskCompletionSource<T>();
        if (!caller.IsAlive)
        {
            return reply.Task;
        }

        if (Dies(caller))
        {
            // Killed while it sent: the request may be on its way all the same.
            trip = trip with { Back = null, Failure = null };
        }

        if (trip.There is { } there)
        {
            schedule.After(there, () => Arrive(caller, trip, effect, reply));
        }

        if (trip.Failure is { } failure)
        {
            caller.After(trip.FailsAfter ?? default, () => Hear(caller, () => reply.TrySetException(failure())));
        }

        if (cancellationToken.CanBeCanceled)
        {
            var registration = cancellationToken.UnsafeRegister(_ => reply.TrySetCanceled(cancellationToken), null);
            return AwaitAsync(reply.Task, registration);
        }

        return reply.Task;
    }

    private void Arrive<T>(Process caller, Trip trip, Func<T> effect, TaskCompletionSource<T> reply)
    {
        var answer = effect();
        if (trip.Back is { } back)
        {
            caller.After(back, () => Hear(caller, () => reply.TrySetResult(answer)));
        }
    }

    private void Hear(Process caller, Action hear)
    {
        if (!Dies(caller))
        {
            hear();
        }
    }

    private static async Task<T> AwaitAsync<T>(Task<T> reply, CancellationTokenRegistration registration)
    {
        await using (registration)
        {
            return await reply;
        }
    }
}
