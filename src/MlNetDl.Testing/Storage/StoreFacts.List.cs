namespace MlNetDl.Testing;

/// <content>All statements.</content>
internal sealed partial class StoreFacts
{
    private static readonly (string Name, Action<StoreFacts> Check)[] All =
    [
        ("Dispose", f => f.Dispose()),
        ("A study is made once", f => f.A_study_is_made_once()),
        ("A changed space is refused once there are trials", f => f.A_changed_space_is_refused_once_there_are_trials()),
        (
            "Of two that open a study with different spaces only one starts trials",
            f => f.Of_two_that_open_a_study_with_different_spaces_only_one_starts_trials()),
        ("Numbers have no gap and stop at the limit", f => f.Numbers_have_no_gap_and_stop_at_the_limit()),
        ("A finished trial takes nothing more", f => f.A_finished_trial_takes_nothing_more()),
        ("A name means one distribution in a study", f => f.A_name_means_one_distribution_in_a_study()),
        ("A worker ends its trial in one of three ways", f => f.A_worker_ends_its_trial_in_one_of_three_ways()),
        ("Artifacts and events are kept", f => f.Artifacts_and_events_are_kept()),
        ("What there is not is one clear error", f => f.What_there_is_not_is_one_clear_error()),
        ("Several threads get different trials", f => f.Several_threads_get_different_trials()),
        (
            "A worker that pauses past its lease writes nothing once the trial is taken over",
            f => f.A_worker_that_pauses_past_its_lease_writes_nothing_once_the_trial_is_taken_over()),
        ("A lease that nobody gave writes nothing", f => f.A_lease_that_nobody_gave_writes_nothing()),
        (
            "A new attempt keeps number and parameters and gets the checkpoint but no reports that it does not include",
            f => f.A_new_attempt_keeps_number_and_parameters_and_gets_the_checkpoint_but_no_reports_that_it_does_not_include()),
        (
            "What a checkpoint includes is carried over into the attempt that goes on from it",
            f => f.What_a_checkpoint_includes_is_carried_over_into_the_attempt_that_goes_on_from_it()),
        ("A trial without a checkpoint starts anew", f => f.A_trial_without_a_checkpoint_starts_anew()),
        (
            "A trial that loses every worker fails and the study goes on",
            f => f.A_trial_that_loses_every_worker_fails_and_the_study_goes_on()),
        ("A worker whose trial was given up has lost its lease", f => f.A_worker_whose_trial_was_given_up_has_lost_its_lease()),
        (
            "A checkpoint that gets on forgives the workers lost before it",
            f => f.A_checkpoint_that_gets_on_forgives_the_workers_lost_before_it()),
        (
            "A lease that ran out holds until somebody takes it and renewing keeps it",
            f => f.A_lease_that_ran_out_holds_until_somebody_takes_it_and_renewing_keeps_it()),
        ("A trial given back is next and does not count as lost", f => f.A_trial_given_back_is_next_and_does_not_count_as_lost()),
        ("A lease lasts as long as its own worker asked for", f => f.A_lease_lasts_as_long_as_its_own_worker_asked_for()),
        (
            "A clock set back neither keeps dead workers trials nor makes negative times",
            f => f.A_clock_set_back_neither_keeps_dead_workers_trials_nor_makes_negative_times()),
        ("Waiting trials run in order with their fixed values", f => f.Waiting_trials_run_in_order_with_their_fixed_values()),
        ("A cancelled trial leaves the queue and keeps its number", f => f.A_cancelled_trial_leaves_the_queue_and_keeps_its_number()),
        ("A trial given back can be cancelled and keeps what it has", f => f.A_trial_given_back_can_be_cancelled_and_keeps_what_it_has()),
        ("Only a trial that waits is cancelled", f => f.Only_a_trial_that_waits_is_cancelled()),
        ("What was written is read at full precision", f => f.What_was_written_is_read_at_full_precision()),
        ("The sign of zero is kept", f => f.The_sign_of_zero_is_kept()),
        ("Reading on gives what changed and adds up to the whole", f => f.Reading_on_gives_what_changed_and_adds_up_to_the_whole()),
        ("A step is reported once", f => f.A_step_is_reported_once()),
        ("The same report again changes nothing", f => f.The_same_report_again_changes_nothing()),
    ];
}
