SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE FUNCTION public.feedback_copy_asked_anew() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_words (rating_id, words) SELECT r.id, to_tsvector('simple', translate(left(CASE WHEN (r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text) ~ '[฀-໿က-႟ក-៿぀-ヿ㐀-鿿]' THEN regexp_replace(regexp_replace(left(r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text, 60000), '([฀-໿က-႟ក-៿぀-ヿ㐀-鿿]+)', ' \1 ', 'g'), '([฀-໿က-႟ក-៿぀-ヿ㐀-鿿])', '\1 \1', 'g') ELSE r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text END, 200000), './:@-_+~&=?#', '            ')) FROM feedback_rating r JOIN chatapp_message a ON a.id = r.message_id
LEFT JOIN chatapp_message q ON q.id = a.parent_id WHERE q.id = new.id ON CONFLICT (rating_id) DO UPDATE SET words = excluded.words; RETURN NULL; END $$;
CREATE FUNCTION public.feedback_copy_awaited() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE feedback_review SET
thumb = (SELECT r.value FROM feedback_rating r WHERE r.id = feedback_review.rating_id) WHERE id = new.id; RETURN NULL; END $$;
CREATE FUNCTION public.feedback_copy_drifted() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE feedback_rating SET has_drifted = (evidence <> '') WHERE message_id = new.id; RETURN NULL; END $$;
CREATE FUNCTION public.feedback_copy_emptied() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN DELETE FROM feedback_words; RETURN NULL; END $$;
CREATE FUNCTION public.feedback_copy_explained() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_words (rating_id, words) SELECT r.id, to_tsvector('simple', translate(left(CASE WHEN (r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text) ~ '[฀-໿က-႟ក-៿぀-ヿ㐀-鿿]' THEN regexp_replace(regexp_replace(left(r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text, 60000), '([฀-໿က-႟ក-៿぀-ヿ㐀-鿿]+)', ' \1 ', 'g'), '([฀-໿က-႟ក-៿぀-ヿ㐀-鿿])', '\1 \1', 'g') ELSE r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text END, 200000), './:@-_+~&=?#', '            ')) FROM feedback_rating r JOIN chatapp_message a ON a.id = r.message_id
LEFT JOIN chatapp_message q ON q.id = a.parent_id WHERE r.id = new.id ON CONFLICT (rating_id) DO UPDATE SET words = excluded.words; RETURN NULL; END $$;
CREATE FUNCTION public.feedback_copy_given() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN PERFORM 1 FROM chatapp_conversation c WHERE c.id =
(SELECT a.conversation_id FROM chatapp_message a WHERE a.id = new.message_id) FOR SHARE; UPDATE feedback_rating SET
version_id = (SELECT a.prompt_version_id FROM chatapp_message a WHERE a.id = feedback_rating.message_id),
assistant_id = (SELECT v.assistant_id FROM chatapp_promptversion v
  JOIN chatapp_message a ON a.prompt_version_id = v.id WHERE a.id = feedback_rating.message_id),
model = COALESCE((SELECT a.model FROM chatapp_message a WHERE a.id = feedback_rating.message_id), ''),
is_hidden = EXISTS (SELECT 1 FROM chatapp_conversation c
  JOIN chatapp_message a ON a.conversation_id = c.id
  WHERE a.id = feedback_rating.message_id AND c.deleted_at IS NOT NULL),
by_guest = EXISTS (SELECT 1 FROM chatapp_user u
  WHERE u.id = feedback_rating.user_id AND u.is_guest) WHERE id = new.id; INSERT INTO feedback_words (rating_id, words) SELECT r.id, to_tsvector('simple', translate(left(CASE WHEN (r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text) ~ '[฀-໿က-႟ក-៿぀-ヿ㐀-鿿]' THEN regexp_replace(regexp_replace(left(r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text, 60000), '([฀-໿က-႟ក-៿぀-ヿ㐀-鿿]+)', ' \1 ', 'g'), '([฀-໿က-႟ក-៿぀-ヿ㐀-鿿])', '\1 \1', 'g') ELSE r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text END, 200000), './:@-_+~&=?#', '            ')) FROM feedback_rating r JOIN chatapp_message a ON a.id = r.message_id
LEFT JOIN chatapp_message q ON q.id = a.parent_id WHERE r.id = new.id ON CONFLICT (rating_id) DO UPDATE SET words = excluded.words; RETURN NULL; END $$;
CREATE FUNCTION public.feedback_copy_hidden() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE feedback_rating SET is_hidden = (new.deleted_at IS NOT NULL) WHERE message_id IN (SELECT m.id FROM chatapp_message m WHERE m.conversation_id = new.id); RETURN NULL; END $$;
CREATE FUNCTION public.feedback_copy_known() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE feedback_rating SET by_guest = new.is_guest WHERE user_id = new.id; RETURN NULL; END $$;
CREATE FUNCTION public.feedback_copy_remade() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE feedback_rating SET
version_id = (SELECT a.prompt_version_id FROM chatapp_message a WHERE a.id = feedback_rating.message_id),
assistant_id = (SELECT v.assistant_id FROM chatapp_promptversion v
  JOIN chatapp_message a ON a.prompt_version_id = v.id WHERE a.id = feedback_rating.message_id),
model = COALESCE((SELECT a.model FROM chatapp_message a WHERE a.id = feedback_rating.message_id), ''),
is_hidden = EXISTS (SELECT 1 FROM chatapp_conversation c
  JOIN chatapp_message a ON a.conversation_id = c.id
  WHERE a.id = feedback_rating.message_id AND c.deleted_at IS NOT NULL),
by_guest = EXISTS (SELECT 1 FROM chatapp_user u
  WHERE u.id = feedback_rating.user_id AND u.is_guest) WHERE message_id = new.id; RETURN NULL; END $$;
CREATE FUNCTION public.feedback_copy_rewritten() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_words (rating_id, words) SELECT r.id, to_tsvector('simple', translate(left(CASE WHEN (r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text) ~ '[฀-໿က-႟ក-៿぀-ヿ㐀-鿿]' THEN regexp_replace(regexp_replace(left(r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text, 60000), '([฀-໿က-႟ក-៿぀-ヿ㐀-鿿]+)', ' \1 ', 'g'), '([฀-໿က-႟ក-៿぀-ヿ㐀-鿿])', '\1 \1', 'g') ELSE r.comment || ' ' || COALESCE(q.text, '') || ' ' || a.text END, 200000), './:@-_+~&=?#', '            ')) FROM feedback_rating r JOIN chatapp_message a ON a.id = r.message_id
LEFT JOIN chatapp_message q ON q.id = a.parent_id WHERE a.id = new.id ON CONFLICT (rating_id) DO UPDATE SET words = excluded.words; RETURN NULL; END $$;
CREATE FUNCTION public.feedback_copy_taken_back() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN DELETE FROM feedback_words WHERE rating_id = old.id; RETURN NULL; END $$;
CREATE FUNCTION public.feedback_copy_taken_over() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE feedback_rating SET
version_id = (SELECT a.prompt_version_id FROM chatapp_message a WHERE a.id = feedback_rating.message_id),
assistant_id = (SELECT v.assistant_id FROM chatapp_promptversion v
  JOIN chatapp_message a ON a.prompt_version_id = v.id WHERE a.id = feedback_rating.message_id),
model = COALESCE((SELECT a.model FROM chatapp_message a WHERE a.id = feedback_rating.message_id), ''),
is_hidden = EXISTS (SELECT 1 FROM chatapp_conversation c
  JOIN chatapp_message a ON a.conversation_id = c.id
  WHERE a.id = feedback_rating.message_id AND c.deleted_at IS NOT NULL),
by_guest = EXISTS (SELECT 1 FROM chatapp_user u
  WHERE u.id = feedback_rating.user_id AND u.is_guest) WHERE id = new.id; RETURN NULL; END $$;
CREATE FUNCTION public.feedback_copy_turned() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN UPDATE feedback_review SET thumb = new.value WHERE rating_id = new.id; RETURN NULL; END $$;
CREATE FUNCTION public.feedback_tally_ended() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_touched (conversation_id) VALUES (new.conversation_id); RETURN NULL; END $$;
CREATE FUNCTION public.feedback_tally_given() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_touched (message_id) VALUES (new.message_id); RETURN NULL; END $$;
CREATE FUNCTION public.feedback_tally_kept() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_touched (conversation_id) VALUES (new.id); RETURN NULL; END $$;
CREATE FUNCTION public.feedback_tally_known() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_touched (user_id) VALUES (new.id); RETURN NULL; END $$;
CREATE FUNCTION public.feedback_tally_moved() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_touched (conversation_id) VALUES (old.conversation_id); INSERT INTO feedback_touched (conversation_id) VALUES (new.conversation_id); RETURN NULL; END $$;
CREATE FUNCTION public.feedback_tally_reasoned() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_touched (rating_id) VALUES (new.rating_id); RETURN NULL; END $$;
CREATE FUNCTION public.feedback_tally_reworded() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_touched (rating_id) VALUES (old.rating_id); INSERT INTO feedback_touched (rating_id) VALUES (new.rating_id); RETURN NULL; END $$;
CREATE FUNCTION public.feedback_tally_taken_back() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_touched (message_id) VALUES (old.message_id); RETURN NULL; END $$;
CREATE FUNCTION public.feedback_tally_taken_over() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_touched (message_id) VALUES (old.message_id); INSERT INTO feedback_touched (message_id) VALUES (new.message_id); RETURN NULL; END $$;
CREATE FUNCTION public.feedback_tally_turned() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_touched (message_id) VALUES (new.message_id); RETURN NULL; END $$;
CREATE FUNCTION public.feedback_tally_unreasoned() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_touched (rating_id) VALUES (old.rating_id); RETURN NULL; END $$;
CREATE FUNCTION public.feedback_tally_unwritten() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_touched (conversation_id) SELECT DISTINCT conversation_id FROM gone WHERE (gone.role = 'assistant' AND gone.status IN ('complete', 'stopped', 'interrupted') AND gone.text <> ''); RETURN NULL; END $$;
CREATE FUNCTION public.feedback_tally_written() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO feedback_touched (conversation_id) VALUES (new.conversation_id); RETURN NULL; END $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.account_emailaddress (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    verified boolean NOT NULL,
    "primary" boolean NOT NULL,
    user_id bigint NOT NULL
);
ALTER TABLE public.account_emailaddress ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailaddress_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.account_emailconfirmation (
    id integer NOT NULL,
    created timestamp with time zone NOT NULL,
    sent timestamp with time zone,
    key character varying(64) NOT NULL,
    email_address_id integer NOT NULL
);
ALTER TABLE public.account_emailconfirmation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_emailconfirmation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.chatapp_assistant (
    id bigint NOT NULL,
    name character varying(80) NOT NULL,
    slug character varying(50) NOT NULL,
    description character varying(200) NOT NULL,
    is_active boolean NOT NULL,
    "position" smallint NOT NULL,
    sees_images boolean NOT NULL,
    CONSTRAINT chatapp_assistant_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.chatapp_assistant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.chatapp_assistant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.chatapp_conversation (
    id uuid NOT NULL,
    title character varying(200) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    assistant_id bigint NOT NULL,
    user_id bigint NOT NULL,
    head_id uuid,
    archived_at timestamp with time zone,
    deleted_at timestamp with time zone,
    pinned_at timestamp with time zone,
    titled_by character varying(10) NOT NULL,
    is_temporary boolean NOT NULL
);
CREATE TABLE public.chatapp_message (
    id uuid NOT NULL,
    role character varying(10) NOT NULL,
    text text NOT NULL,
    status character varying(12) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    model character varying(100) NOT NULL,
    parameters jsonb NOT NULL,
    request_id uuid,
    helicone_id uuid,
    left_out integer NOT NULL,
    finish_reason character varying(30) NOT NULL,
    prompt_tokens integer,
    completion_tokens integer,
    first_token_ms integer,
    duration_ms integer,
    error character varying(30) NOT NULL,
    error_detail text NOT NULL,
    retry_after integer,
    heartbeat_at timestamp with time zone NOT NULL,
    stop_requested boolean NOT NULL,
    conversation_id uuid NOT NULL,
    parent_id uuid,
    prompt_version_id bigint,
    images jsonb NOT NULL,
    CONSTRAINT chatapp_message_completion_tokens_check CHECK ((completion_tokens >= 0)),
    CONSTRAINT chatapp_message_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT chatapp_message_first_token_ms_check CHECK ((first_token_ms >= 0)),
    CONSTRAINT chatapp_message_left_out_check CHECK ((left_out >= 0)),
    CONSTRAINT chatapp_message_prompt_tokens_check CHECK ((prompt_tokens >= 0)),
    CONSTRAINT chatapp_message_retry_after_check CHECK ((retry_after >= 0))
);
CREATE TABLE public.chatapp_promptversion (
    id bigint NOT NULL,
    number integer NOT NULL,
    model character varying(100) NOT NULL,
    instructions text NOT NULL,
    parameters jsonb NOT NULL,
    weight integer NOT NULL,
    note character varying(200) NOT NULL,
    digest character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    assistant_id bigint NOT NULL,
    author_id bigint,
    CONSTRAINT chatapp_promptversion_number_check CHECK ((number >= 0)),
    CONSTRAINT chatapp_promptversion_weight_check CHECK ((weight >= 0))
);
ALTER TABLE public.chatapp_promptversion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.chatapp_promptversion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.chatapp_sharedcopy (
    id bigint NOT NULL,
    token character varying(40) NOT NULL,
    title character varying(200) NOT NULL,
    messages jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    conversation_id uuid NOT NULL
);
ALTER TABLE public.chatapp_sharedcopy ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.chatapp_sharedcopy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.chatapp_user (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    username character varying(150) NOT NULL,
    first_name character varying(150) NOT NULL,
    last_name character varying(150) NOT NULL,
    email character varying(254) NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    uid uuid NOT NULL,
    is_guest boolean NOT NULL
);
CREATE TABLE public.chatapp_user_groups (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    group_id integer NOT NULL
);
ALTER TABLE public.chatapp_user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.chatapp_user_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.chatapp_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.chatapp_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.chatapp_user_user_permissions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.chatapp_user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.chatapp_user_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_admin_log (
    id integer NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id bigint NOT NULL,
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);
ALTER TABLE public.django_admin_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_admin_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE public.feedback_bulkact (
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    begun_at timestamp with time zone,
    changes jsonb NOT NULL,
    query text NOT NULL,
    undoes uuid,
    total integer NOT NULL,
    done integer NOT NULL,
    changed integer NOT NULL,
    by_id bigint,
    CONSTRAINT feedback_bulkact_changed_check CHECK ((changed >= 0)),
    CONSTRAINT feedback_bulkact_done_check CHECK ((done >= 0)),
    CONSTRAINT feedback_bulkact_total_check CHECK ((total >= 0))
);
CREATE TABLE public.feedback_bulkpart (
    id bigint NOT NULL,
    reviews jsonb NOT NULL,
    bulk_id uuid NOT NULL
);
ALTER TABLE public.feedback_bulkpart ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_bulkpart_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_category (
    id bigint NOT NULL,
    slug character varying(50) NOT NULL,
    label character varying(60) NOT NULL,
    "position" smallint NOT NULL,
    is_retired boolean NOT NULL,
    CONSTRAINT feedback_category_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.feedback_category ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_category_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_channel (
    id bigint NOT NULL,
    refusal text NOT NULL,
    refused_at timestamp with time zone,
    refused_call character varying(4) NOT NULL,
    refused_key character varying(64) NOT NULL,
    refusals integer NOT NULL,
    probing boolean NOT NULL,
    probe_at timestamp with time zone,
    quiet_until timestamp with time zone NOT NULL,
    budget double precision NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    CONSTRAINT feedback_channel_refusals_check CHECK ((refusals >= 0))
);
ALTER TABLE public.feedback_channel ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_channel_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_copied (
    answer_id uuid NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.feedback_decision (
    id bigint NOT NULL,
    act uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    field character varying(10) NOT NULL,
    was text NOT NULL,
    became text NOT NULL,
    by_id bigint,
    undoes_id bigint,
    review_id bigint NOT NULL,
    why character varying(10) NOT NULL
);
ALTER TABLE public.feedback_decision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_delivery (
    id bigint NOT NULL,
    state character varying(10) NOT NULL,
    call character varying(4) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    wanted_at timestamp with time zone NOT NULL,
    revision integer NOT NULL,
    holder uuid,
    held_until timestamp with time zone NOT NULL,
    sent character varying(100) NOT NULL,
    sent_at timestamp with time zone,
    up_sent_at timestamp with time zone,
    down_sent_at timestamp with time zone,
    ingested_at timestamp with time zone,
    shown smallint,
    shown_properties jsonb NOT NULL,
    seen_at timestamp with time zone,
    settled_at timestamp with time zone,
    attempts integer NOT NULL,
    last_error text NOT NULL,
    rating_id bigint NOT NULL,
    CONSTRAINT feedback_delivery_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT feedback_delivery_revision_check CHECK ((revision >= 0))
);
ALTER TABLE public.feedback_delivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_export (
    id bigint NOT NULL,
    form character varying(5) NOT NULL,
    filters text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    heard_at timestamp with time zone NOT NULL,
    status character varying(8) NOT NULL,
    expected integer,
    rows integer NOT NULL,
    by_id bigint,
    reason character varying(300) NOT NULL,
    CONSTRAINT feedback_export_expected_check CHECK ((expected >= 0)),
    CONSTRAINT feedback_export_rows_check CHECK ((rows >= 0))
);
ALTER TABLE public.feedback_export ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_export_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_grouprules (
    id bigint NOT NULL,
    may_rate boolean NOT NULL,
    group_id integer NOT NULL
);
ALTER TABLE public.feedback_grouprules ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_grouprules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_mention (
    id bigint NOT NULL,
    act uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    by_id bigint,
    review_id bigint NOT NULL,
    to_id bigint NOT NULL,
    opinion_id bigint
);
ALTER TABLE public.feedback_mention ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_mention_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_opinion (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    revision integer NOT NULL,
    status character varying(10) NOT NULL,
    verdict character varying(8) NOT NULL,
    note text NOT NULL,
    correction text NOT NULL,
    by_id bigint,
    category_id bigint,
    review_id bigint NOT NULL,
    CONSTRAINT feedback_opinion_revision_check CHECK ((revision >= 0))
);
ALTER TABLE public.feedback_opinion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_opinion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_rating (
    id bigint NOT NULL,
    value smallint,
    comment text NOT NULL,
    correction text NOT NULL,
    revision integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    message_id uuid NOT NULL,
    user_id bigint NOT NULL,
    evidence character varying(64) NOT NULL,
    has_drifted boolean NOT NULL,
    assistant_id bigint,
    by_guest boolean NOT NULL,
    is_hidden boolean NOT NULL,
    model character varying(100) NOT NULL,
    version_id bigint,
    CONSTRAINT feedback_rating_revision_check CHECK ((revision >= 0))
);
ALTER TABLE public.feedback_rating ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_rating_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_rating_reasons (
    id bigint NOT NULL,
    rating_id bigint NOT NULL,
    reason_id bigint NOT NULL
);
ALTER TABLE public.feedback_rating_reasons ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_rating_reasons_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_readinglog (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    was_ahead boolean NOT NULL,
    rating_id bigint,
    reader_id bigint,
    conversation_id uuid,
    reason character varying(300) NOT NULL,
    what character varying(7) NOT NULL,
    filters text NOT NULL,
    purpose character varying(9) NOT NULL
);
ALTER TABLE public.feedback_readinglog ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_readinglog_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_reason (
    id bigint NOT NULL,
    slug character varying(50) NOT NULL,
    label character varying(60) NOT NULL,
    value smallint NOT NULL,
    "position" smallint NOT NULL,
    is_retired boolean NOT NULL,
    CONSTRAINT feedback_reason_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.feedback_reason ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_reason_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_review (
    id bigint NOT NULL,
    status character varying(10) NOT NULL,
    verdict character varying(8) NOT NULL,
    note text NOT NULL,
    correction text NOT NULL,
    held_until timestamp with time zone,
    assignee_id bigint,
    category_id bigint,
    holder_id bigint,
    rating_id bigint NOT NULL,
    thumb smallint,
    blind character varying(9) NOT NULL,
    dismissed_at timestamp with time zone,
    is_shown boolean NOT NULL,
    signals smallint NOT NULL
);
ALTER TABLE public.feedback_review ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_review_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_savedfilter (
    id bigint NOT NULL,
    name character varying(60) NOT NULL,
    query character varying(1000) NOT NULL,
    is_shared boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    owner_id bigint NOT NULL
);
ALTER TABLE public.feedback_savedfilter ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_savedfilter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_tallied (
    conversation_id uuid NOT NULL,
    cells jsonb NOT NULL
);
CREATE TABLE public.feedback_tally (
    kind character varying(60) NOT NULL,
    day date NOT NULL,
    week date NOT NULL,
    by_guest boolean NOT NULL,
    shown integer NOT NULL,
    rated integer NOT NULL,
    up integer NOT NULL,
    reason_id bigint,
    version_id bigint
);
CREATE TABLE public.feedback_tallystate (
    id bigint NOT NULL,
    zone character varying(100) NOT NULL
);
ALTER TABLE public.feedback_tallystate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_tallystate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_touched (
    id bigint NOT NULL,
    conversation_id uuid,
    message_id uuid,
    rating_id bigint,
    user_id bigint
);
ALTER TABLE public.feedback_touched ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.feedback_touched_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.feedback_words (
    rating_id bigint NOT NULL,
    words tsvector,
    pad text DEFAULT repeat(' '::text, 2048) NOT NULL
)
WITH (toast_tuple_target='128');
ALTER TABLE ONLY public.feedback_words ALTER COLUMN words SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.feedback_words ALTER COLUMN pad SET STORAGE MAIN;
INSERT INTO public.account_emailaddress VALUES (1, 'alice@example.org', false, true, 1);
INSERT INTO public.account_emailconfirmation VALUES (1, '2026-11-28 12:48:07.228423+00', NULL, '7v6f40xx3poc6foltlb9hspeehvuxrrbbnna0m2axbgnagzknfvfc5zoosiwwsre', 1);
INSERT INTO public.auth_group VALUES (1, 'viewer');
INSERT INTO public.auth_group VALUES (2, 'reviewer');
INSERT INTO public.auth_group VALUES (3, 'lead');
INSERT INTO public.auth_group VALUES (4, 'operator');
INSERT INTO public.auth_group VALUES (5, 'testers');
INSERT INTO public.auth_group_permissions VALUES (1, 1, 32);
INSERT INTO public.auth_group_permissions VALUES (2, 1, 48);
INSERT INTO public.auth_group_permissions VALUES (3, 1, 56);
INSERT INTO public.auth_group_permissions VALUES (4, 1, 52);
INSERT INTO public.auth_group_permissions VALUES (5, 2, 32);
INSERT INTO public.auth_group_permissions VALUES (6, 2, 48);
INSERT INTO public.auth_group_permissions VALUES (7, 2, 52);
INSERT INTO public.auth_group_permissions VALUES (8, 2, 54);
INSERT INTO public.auth_group_permissions VALUES (9, 2, 56);
INSERT INTO public.auth_group_permissions VALUES (10, 3, 32);
INSERT INTO public.auth_group_permissions VALUES (11, 3, 4);
INSERT INTO public.auth_group_permissions VALUES (12, 3, 8);
INSERT INTO public.auth_group_permissions VALUES (13, 3, 45);
INSERT INTO public.auth_group_permissions VALUES (14, 3, 46);
INSERT INTO public.auth_group_permissions VALUES (15, 3, 79);
INSERT INTO public.auth_group_permissions VALUES (16, 3, 16);
INSERT INTO public.auth_group_permissions VALUES (17, 3, 48);
INSERT INTO public.auth_group_permissions VALUES (18, 3, 52);
INSERT INTO public.auth_group_permissions VALUES (19, 3, 54);
INSERT INTO public.auth_group_permissions VALUES (20, 3, 56);
INSERT INTO public.auth_group_permissions VALUES (21, 3, 57);
INSERT INTO public.auth_group_permissions VALUES (22, 3, 29);
INSERT INTO public.auth_group_permissions VALUES (23, 3, 30);
INSERT INTO public.auth_group_permissions VALUES (24, 4, 1);
INSERT INTO public.auth_group_permissions VALUES (25, 4, 2);
INSERT INTO public.auth_group_permissions VALUES (26, 4, 4);
INSERT INTO public.auth_group_permissions VALUES (27, 4, 5);
INSERT INTO public.auth_group_permissions VALUES (28, 4, 6);
INSERT INTO public.auth_group_permissions VALUES (29, 4, 8);
INSERT INTO public.auth_group_permissions VALUES (30, 4, 42);
INSERT INTO public.auth_group_permissions VALUES (31, 4, 44);
INSERT INTO public.auth_group_permissions VALUES (32, 2, 75);
INSERT INTO public.auth_group_permissions VALUES (33, 3, 58);
INSERT INTO public.auth_group_permissions VALUES (34, 3, 75);
INSERT INTO public.auth_group_permissions VALUES (35, 4, 58);
INSERT INTO public.auth_group_permissions VALUES (36, 3, 70);
INSERT INTO public.auth_group_permissions VALUES (37, 3, 71);
INSERT INTO public.auth_permission VALUES (1, 'Can add assistant', 1, 'add_assistant');
INSERT INTO public.auth_permission VALUES (2, 'Can change assistant', 1, 'change_assistant');
INSERT INTO public.auth_permission VALUES (3, 'Can delete assistant', 1, 'delete_assistant');
INSERT INTO public.auth_permission VALUES (4, 'Can view assistant', 1, 'view_assistant');
INSERT INTO public.auth_permission VALUES (5, 'Can add prompt version', 2, 'add_promptversion');
INSERT INTO public.auth_permission VALUES (6, 'Can change prompt version', 2, 'change_promptversion');
INSERT INTO public.auth_permission VALUES (7, 'Can delete prompt version', 2, 'delete_promptversion');
INSERT INTO public.auth_permission VALUES (8, 'Can view prompt version', 2, 'view_promptversion');
INSERT INTO public.auth_permission VALUES (9, 'Can add message', 3, 'add_message');
INSERT INTO public.auth_permission VALUES (10, 'Can change message', 3, 'change_message');
INSERT INTO public.auth_permission VALUES (11, 'Can delete message', 3, 'delete_message');
INSERT INTO public.auth_permission VALUES (12, 'Can view message', 3, 'view_message');
INSERT INTO public.auth_permission VALUES (13, 'Can add conversation', 4, 'add_conversation');
INSERT INTO public.auth_permission VALUES (14, 'Can change conversation', 4, 'change_conversation');
INSERT INTO public.auth_permission VALUES (15, 'Can delete conversation', 4, 'delete_conversation');
INSERT INTO public.auth_permission VALUES (16, 'Can view conversation', 4, 'view_conversation');
INSERT INTO public.auth_permission VALUES (17, 'Can add shared copy', 5, 'add_sharedcopy');
INSERT INTO public.auth_permission VALUES (18, 'Can change shared copy', 5, 'change_sharedcopy');
INSERT INTO public.auth_permission VALUES (19, 'Can delete shared copy', 5, 'delete_sharedcopy');
INSERT INTO public.auth_permission VALUES (20, 'Can view shared copy', 5, 'view_sharedcopy');
INSERT INTO public.auth_permission VALUES (21, 'Can add user', 6, 'add_user');
INSERT INTO public.auth_permission VALUES (22, 'Can change user', 6, 'change_user');
INSERT INTO public.auth_permission VALUES (23, 'Can delete user', 6, 'delete_user');
INSERT INTO public.auth_permission VALUES (24, 'Can view user', 6, 'view_user');
INSERT INTO public.auth_permission VALUES (25, 'Can add decision', 7, 'add_decision');
INSERT INTO public.auth_permission VALUES (26, 'Can change decision', 7, 'change_decision');
INSERT INTO public.auth_permission VALUES (27, 'Can delete decision', 7, 'delete_decision');
INSERT INTO public.auth_permission VALUES (28, 'Can view decision', 7, 'view_decision');
INSERT INTO public.auth_permission VALUES (29, 'Can add failure category', 8, 'add_category');
INSERT INTO public.auth_permission VALUES (30, 'Can change failure category', 8, 'change_category');
INSERT INTO public.auth_permission VALUES (31, 'Can delete failure category', 8, 'delete_category');
INSERT INTO public.auth_permission VALUES (32, 'Can view failure category', 8, 'view_category');
INSERT INTO public.auth_permission VALUES (33, 'Can add mention', 9, 'add_mention');
INSERT INTO public.auth_permission VALUES (34, 'Can change mention', 9, 'change_mention');
INSERT INTO public.auth_permission VALUES (35, 'Can delete mention', 9, 'delete_mention');
INSERT INTO public.auth_permission VALUES (36, 'Can view mention', 9, 'view_mention');
INSERT INTO public.auth_permission VALUES (37, 'Can add channel', 10, 'add_channel');
INSERT INTO public.auth_permission VALUES (38, 'Can change channel', 10, 'change_channel');
INSERT INTO public.auth_permission VALUES (39, 'Can delete channel', 10, 'delete_channel');
INSERT INTO public.auth_permission VALUES (40, 'Can view channel', 10, 'view_channel');
INSERT INTO public.auth_permission VALUES (41, 'Can add delivery', 11, 'add_delivery');
INSERT INTO public.auth_permission VALUES (42, 'Can change delivery', 11, 'change_delivery');
INSERT INTO public.auth_permission VALUES (43, 'Can delete delivery', 11, 'delete_delivery');
INSERT INTO public.auth_permission VALUES (44, 'Can view delivery', 11, 'view_delivery');
INSERT INTO public.auth_permission VALUES (45, 'Can add reason', 12, 'add_reason');
INSERT INTO public.auth_permission VALUES (46, 'Can change reason', 12, 'change_reason');
INSERT INTO public.auth_permission VALUES (47, 'Can delete reason', 12, 'delete_reason');
INSERT INTO public.auth_permission VALUES (48, 'Can view reason', 12, 'view_reason');
INSERT INTO public.auth_permission VALUES (49, 'Can add rated answer', 13, 'add_rating');
INSERT INTO public.auth_permission VALUES (50, 'Can change rated answer', 13, 'change_rating');
INSERT INTO public.auth_permission VALUES (51, 'Can delete rated answer', 13, 'delete_rating');
INSERT INTO public.auth_permission VALUES (52, 'Can view rated answer', 13, 'view_rating');
INSERT INTO public.auth_permission VALUES (53, 'Can add review', 14, 'add_review');
INSERT INTO public.auth_permission VALUES (54, 'Can change review', 14, 'change_review');
INSERT INTO public.auth_permission VALUES (55, 'Can delete review', 14, 'delete_review');
INSERT INTO public.auth_permission VALUES (56, 'Can view review', 14, 'view_review');
INSERT INTO public.auth_permission VALUES (57, 'Can decide on many at once, and undo for others', 14, 'manage_reviews');
INSERT INTO public.auth_permission VALUES (58, 'Can see names where they are hidden from reviewers', 14, 'see_names');
INSERT INTO public.auth_permission VALUES (59, 'Can add bulk change', 15, 'add_bulkact');
INSERT INTO public.auth_permission VALUES (60, 'Can change bulk change', 15, 'change_bulkact');
INSERT INTO public.auth_permission VALUES (61, 'Can delete bulk change', 15, 'delete_bulkact');
INSERT INTO public.auth_permission VALUES (62, 'Can view bulk change', 15, 'view_bulkact');
INSERT INTO public.auth_permission VALUES (63, 'Can add bulk part', 16, 'add_bulkpart');
INSERT INTO public.auth_permission VALUES (64, 'Can change bulk part', 16, 'change_bulkpart');
INSERT INTO public.auth_permission VALUES (65, 'Can delete bulk part', 16, 'delete_bulkpart');
INSERT INTO public.auth_permission VALUES (66, 'Can view bulk part', 16, 'view_bulkpart');
INSERT INTO public.auth_permission VALUES (67, 'Can add export', 17, 'add_export');
INSERT INTO public.auth_permission VALUES (68, 'Can change export', 17, 'change_export');
INSERT INTO public.auth_permission VALUES (69, 'Can delete export', 17, 'delete_export');
INSERT INTO public.auth_permission VALUES (70, 'Can view export', 17, 'view_export');
INSERT INTO public.auth_permission VALUES (71, 'Can export rated answers', 17, 'export_ratings');
INSERT INTO public.auth_permission VALUES (72, 'Can add opinion', 18, 'add_opinion');
INSERT INTO public.auth_permission VALUES (73, 'Can change opinion', 18, 'change_opinion');
INSERT INTO public.auth_permission VALUES (74, 'Can delete opinion', 18, 'delete_opinion');
INSERT INTO public.auth_permission VALUES (75, 'Can view opinion', 18, 'view_opinion');
INSERT INTO public.auth_permission VALUES (76, 'Can add reading', 19, 'add_readinglog');
INSERT INTO public.auth_permission VALUES (77, 'Can change reading', 19, 'change_readinglog');
INSERT INTO public.auth_permission VALUES (78, 'Can delete reading', 19, 'delete_readinglog');
INSERT INTO public.auth_permission VALUES (79, 'Can view reading', 19, 'view_readinglog');
INSERT INTO public.auth_permission VALUES (80, 'Can add in the chat', 20, 'add_grouprules');
INSERT INTO public.auth_permission VALUES (81, 'Can change in the chat', 20, 'change_grouprules');
INSERT INTO public.auth_permission VALUES (82, 'Can delete in the chat', 20, 'delete_grouprules');
INSERT INTO public.auth_permission VALUES (83, 'Can view in the chat', 20, 'view_grouprules');
INSERT INTO public.auth_permission VALUES (84, 'Can add saved filter', 21, 'add_savedfilter');
INSERT INTO public.auth_permission VALUES (85, 'Can change saved filter', 21, 'change_savedfilter');
INSERT INTO public.auth_permission VALUES (86, 'Can delete saved filter', 21, 'delete_savedfilter');
INSERT INTO public.auth_permission VALUES (87, 'Can view saved filter', 21, 'view_savedfilter');
INSERT INTO public.auth_permission VALUES (88, 'Can add copied answer', 22, 'add_copied');
INSERT INTO public.auth_permission VALUES (89, 'Can change copied answer', 22, 'change_copied');
INSERT INTO public.auth_permission VALUES (90, 'Can delete copied answer', 22, 'delete_copied');
INSERT INTO public.auth_permission VALUES (91, 'Can view copied answer', 22, 'view_copied');
INSERT INTO public.auth_permission VALUES (92, 'Can add log entry', 27, 'add_logentry');
INSERT INTO public.auth_permission VALUES (93, 'Can change log entry', 27, 'change_logentry');
INSERT INTO public.auth_permission VALUES (94, 'Can delete log entry', 27, 'delete_logentry');
INSERT INTO public.auth_permission VALUES (95, 'Can view log entry', 27, 'view_logentry');
INSERT INTO public.auth_permission VALUES (96, 'Can add permission', 28, 'add_permission');
INSERT INTO public.auth_permission VALUES (97, 'Can change permission', 28, 'change_permission');
INSERT INTO public.auth_permission VALUES (98, 'Can delete permission', 28, 'delete_permission');
INSERT INTO public.auth_permission VALUES (99, 'Can view permission', 28, 'view_permission');
INSERT INTO public.auth_permission VALUES (100, 'Can add group', 29, 'add_group');
INSERT INTO public.auth_permission VALUES (101, 'Can change group', 29, 'change_group');
INSERT INTO public.auth_permission VALUES (102, 'Can delete group', 29, 'delete_group');
INSERT INTO public.auth_permission VALUES (103, 'Can view group', 29, 'view_group');
INSERT INTO public.auth_permission VALUES (104, 'Can add content type', 30, 'add_contenttype');
INSERT INTO public.auth_permission VALUES (105, 'Can change content type', 30, 'change_contenttype');
INSERT INTO public.auth_permission VALUES (106, 'Can delete content type', 30, 'delete_contenttype');
INSERT INTO public.auth_permission VALUES (107, 'Can view content type', 30, 'view_contenttype');
INSERT INTO public.auth_permission VALUES (108, 'Can add session', 31, 'add_session');
INSERT INTO public.auth_permission VALUES (109, 'Can change session', 31, 'change_session');
INSERT INTO public.auth_permission VALUES (110, 'Can delete session', 31, 'delete_session');
INSERT INTO public.auth_permission VALUES (111, 'Can view session', 31, 'view_session');
INSERT INTO public.auth_permission VALUES (112, 'Can add email address', 32, 'add_emailaddress');
INSERT INTO public.auth_permission VALUES (113, 'Can change email address', 32, 'change_emailaddress');
INSERT INTO public.auth_permission VALUES (114, 'Can delete email address', 32, 'delete_emailaddress');
INSERT INTO public.auth_permission VALUES (115, 'Can view email address', 32, 'view_emailaddress');
INSERT INTO public.auth_permission VALUES (116, 'Can add email confirmation', 33, 'add_emailconfirmation');
INSERT INTO public.auth_permission VALUES (117, 'Can change email confirmation', 33, 'change_emailconfirmation');
INSERT INTO public.auth_permission VALUES (118, 'Can delete email confirmation', 33, 'delete_emailconfirmation');
INSERT INTO public.auth_permission VALUES (119, 'Can view email confirmation', 33, 'view_emailconfirmation');
INSERT INTO public.chatapp_assistant VALUES (1, 'Assistant', 'assistant', '', true, 0, true);
INSERT INTO public.chatapp_conversation VALUES ('42941b9c-c8f8-49ac-8241-c0692d884ce0', 'Why is the sky blue?', '2026-11-28 12:48:07.391685+00', '2026-11-28 12:48:07.546885+00', 1, 1, '3e12af57-301c-4d3e-962d-5af0018b2d20', NULL, NULL, NULL, 'first line', false);
INSERT INTO public.chatapp_conversation VALUES ('c7998a05-69cc-474e-8e1d-7868fd65e8c6', 'Why is snow white?', '2026-11-28 12:48:09.007233+00', '2026-11-28 12:48:09.102822+00', 1, 1, '93376f9f-f1f6-4afb-8f96-f05fe1a2ed55', NULL, NULL, NULL, 'first line', false);
INSERT INTO public.chatapp_conversation VALUES ('9be9e034-48b9-484e-9fc9-530fc3cd0dda', 'Why are there tides?', '2026-11-28 12:48:09.535331+00', '2026-11-28 12:48:09.634779+00', 1, 1, 'faa6bd8d-82c6-405b-b828-704c68d034a0', NULL, NULL, NULL, 'first line', false);
INSERT INTO public.chatapp_conversation VALUES ('7e305e87-9d53-4b2d-9b77-515d5a3f42a2', 'Why does it hail?', '2026-11-28 12:48:10.027152+00', '2026-11-28 12:48:10.110767+00', 1, 1, 'e035274c-0b3a-43b3-acb3-e695838d3b88', NULL, NULL, NULL, 'first line', false);
INSERT INTO public.chatapp_conversation VALUES ('ab044021-603d-4f62-a7fc-0d16f83b1528', 'What is fog?', '2026-11-28 12:48:10.631626+00', '2026-11-28 12:48:10.726835+00', 1, 1, 'f94552c8-65c6-44ab-a6ea-f5b75afe7321', NULL, NULL, NULL, 'first line', false);
INSERT INTO public.chatapp_conversation VALUES ('6b595f2d-f64f-47f7-bd09-366f47d2305c', '为什么下雨？', '2026-11-28 12:48:08.316122+00', '2026-11-28 12:48:08.410813+00', 1, 2, 'c2b00db6-fb8f-4492-b847-f0338f12aea5', NULL, NULL, NULL, 'first line', false);
INSERT INTO public.chatapp_conversation VALUES ('3baafddc-3b25-48ad-b50a-97d2da7305e1', 'What is dew?', '2026-11-28 12:48:13.607533+00', '2026-11-28 12:48:13.710871+00', 1, 2, 'e4266de2-caa8-476c-a503-b10cca895926', NULL, NULL, NULL, 'first line', false);
INSERT INTO public.chatapp_message VALUES ('b212ad00-696e-430d-96cc-330dcd5c1c85', 'user', 'Why is the sky blue?', 'complete', '2026-11-28 12:48:07.423508+00', '', '{}', NULL, NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:07.423569+00', false, '42941b9c-c8f8-49ac-8241-c0692d884ce0', NULL, NULL, '[]');
INSERT INTO public.chatapp_message VALUES ('3e12af57-301c-4d3e-962d-5af0018b2d20', 'assistant', 'Because of Rayleigh scattering.', 'complete', '2026-11-28 12:48:07.506556+00', 'echo', '{}', '56b29946-08d7-4fbf-857e-5e4e43a67675', NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:07.506609+00', false, '42941b9c-c8f8-49ac-8241-c0692d884ce0', 'b212ad00-696e-430d-96cc-330dcd5c1c85', 1, '[]');
INSERT INTO public.chatapp_message VALUES ('d1b7bc50-5d95-451d-84ae-bab9b6d0da43', 'user', '为什么下雨？', 'complete', '2026-11-28 12:48:08.355204+00', '', '{}', NULL, NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:08.35525+00', false, '6b595f2d-f64f-47f7-bd09-366f47d2305c', NULL, NULL, '[]');
INSERT INTO public.chatapp_message VALUES ('c2b00db6-fb8f-4492-b847-f0338f12aea5', 'assistant', '因为云里的水滴变大了。', 'complete', '2026-11-28 12:48:08.387307+00', 'echo', '{}', '31ffc9a6-34a5-4881-a0a5-198f0a973fba', NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:08.387346+00', false, '6b595f2d-f64f-47f7-bd09-366f47d2305c', 'd1b7bc50-5d95-451d-84ae-bab9b6d0da43', 1, '[]');
INSERT INTO public.chatapp_message VALUES ('1ba4882d-30db-42a2-9260-ef1b44751909', 'user', 'Why is snow white?', 'complete', '2026-11-28 12:48:09.02108+00', '', '{}', NULL, NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:09.02112+00', false, 'c7998a05-69cc-474e-8e1d-7868fd65e8c6', NULL, NULL, '[]');
INSERT INTO public.chatapp_message VALUES ('93376f9f-f1f6-4afb-8f96-f05fe1a2ed55', 'assistant', 'It scatters all colours.', 'complete', '2026-11-28 12:48:09.06734+00', 'echo', '{}', '4a6b39a1-83b4-4316-83bc-037bd9e451af', NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:09.067379+00', false, 'c7998a05-69cc-474e-8e1d-7868fd65e8c6', '1ba4882d-30db-42a2-9260-ef1b44751909', 1, '[]');
INSERT INTO public.chatapp_message VALUES ('3b9b453a-d654-4b14-8ec5-15008dd90d5a', 'user', 'Why are there tides?', 'complete', '2026-11-28 12:48:09.567065+00', '', '{}', NULL, NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:09.567102+00', false, '9be9e034-48b9-484e-9fc9-530fc3cd0dda', NULL, NULL, '[]');
INSERT INTO public.chatapp_message VALUES ('faa6bd8d-82c6-405b-b828-704c68d034a0', 'assistant', 'The moon pulls.', 'complete', '2026-11-28 12:48:09.611682+00', 'echo', '{}', '05dd4cbd-e0ca-4386-a7c4-a0f03dde8747', NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:09.611718+00', false, '9be9e034-48b9-484e-9fc9-530fc3cd0dda', '3b9b453a-d654-4b14-8ec5-15008dd90d5a', 1, '[]');
INSERT INTO public.chatapp_message VALUES ('f928e268-7160-465a-a8a3-4c0523da8433', 'user', 'Why does it hail?', 'complete', '2026-11-28 12:48:10.043314+00', '', '{}', NULL, NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:10.043354+00', false, '7e305e87-9d53-4b2d-9b77-515d5a3f42a2', NULL, NULL, '[]');
INSERT INTO public.chatapp_message VALUES ('e035274c-0b3a-43b3-acb3-e695838d3b88', 'assistant', 'Cold updrafts.', 'complete', '2026-11-28 12:48:10.08742+00', 'echo', '{}', '9016f626-71b3-48d6-b391-354bd9a20981', NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:10.087454+00', false, '7e305e87-9d53-4b2d-9b77-515d5a3f42a2', 'f928e268-7160-465a-a8a3-4c0523da8433', 1, '[]');
INSERT INTO public.chatapp_message VALUES ('b3c1fe72-1df5-4f29-a9c1-10666137cc52', 'user', 'What is fog?', 'complete', '2026-11-28 12:48:10.643386+00', '', '{}', NULL, NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:10.64344+00', false, 'ab044021-603d-4f62-a7fc-0d16f83b1528', NULL, NULL, '[]');
INSERT INTO public.chatapp_message VALUES ('f94552c8-65c6-44ab-a6ea-f5b75afe7321', 'assistant', 'A cloud that lies on the ground.', 'complete', '2026-11-28 12:48:10.699649+00', 'echo', '{}', '7672312d-0433-4910-a715-517f31585895', NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:10.699687+00', false, 'ab044021-603d-4f62-a7fc-0d16f83b1528', 'b3c1fe72-1df5-4f29-a9c1-10666137cc52', 1, '[]');
INSERT INTO public.chatapp_message VALUES ('c9ec827f-91fa-43a7-b1d2-11dd4f859d7f', 'user', 'What is dew?', 'complete', '2026-11-28 12:48:13.637181+00', '', '{}', NULL, NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:13.637234+00', false, '3baafddc-3b25-48ad-b50a-97d2da7305e1', NULL, NULL, '[]');
INSERT INTO public.chatapp_message VALUES ('e4266de2-caa8-476c-a503-b10cca895926', 'assistant', 'Water out of the air, at night.', 'complete', '2026-11-28 12:48:13.698619+00', 'echo', '{}', '0f24b4f7-ee97-4ced-843b-447e62afaa4e', NULL, 0, '', NULL, NULL, NULL, NULL, '', '', NULL, '2026-11-28 12:48:13.698662+00', false, '3baafddc-3b25-48ad-b50a-97d2da7305e1', 'c9ec827f-91fa-43a7-b1d2-11dd4f859d7f', 1, '[]');
INSERT INTO public.chatapp_promptversion VALUES (1, 1, 'gpt-5.4-mini', 'You are a helpful assistant. Answer plainly and to the point. Use Markdown where it makes an answer easier to read. Say so when you don''t know.', '{}', 1, '', 'd601d13830be70c22e11b0de71023d1b555d0a16fb58ef8b708463c692597ce0', '2026-11-28 12:47:30.851605+00', 1, NULL);
INSERT INTO public.chatapp_sharedcopy VALUES (1, 'I-aAS3RSXRlN4gLvXmmxwQOsMxEhJSMb', 'What is fog?', '[{"role": "user", "text": "What is fog?", "images": 0}, {"role": "assistant", "text": "A cloud that lies on the ground.", "images": 0}]', '2026-11-28 12:48:10.98188+00', NULL, 'ab044021-603d-4f62-a7fc-0d16f83b1528');
INSERT INTO public.chatapp_user VALUES (1, 'pbkdf2_sha256$1000000$oJBIRA6R6kvrnwJE6INJHG$r6E1QU4jlXHiPnzpyc5xJQlT9oL1BL17rpG8KSVGrCU=', NULL, false, 'alice', '', '', 'alice@example.org', false, true, '2026-11-28 12:47:46.52969+00', '06b11ded-250b-44b2-90c2-8d0513787e8d', false);
INSERT INTO public.chatapp_user VALUES (2, 'pbkdf2_sha256$1000000$Ki6XEKiwoaocQ4tewAMGX0$jByQzqgdfkDJv+um5fazxvbQ5sgs/dS70qUYPasj0qw=', NULL, false, 'guest', '', '', 'guest@example.org', false, true, '2026-11-28 12:47:50.669105+00', 'ae723562-73eb-482f-9338-5913130df01b', true);
INSERT INTO public.chatapp_user VALUES (3, 'pbkdf2_sha256$1000000$U5HwL7lUFqhrOIqMlspqlq$XS8hZDvdcuelzcHfzaqJJgdM4nDGf/O222npBI9vbXw=', NULL, false, 'rita', '', '', 'rita@example.org', true, true, '2026-11-28 12:47:54.179026+00', '67dcb1e0-05ef-43c5-880c-e2f667abe25d', false);
INSERT INTO public.chatapp_user VALUES (4, 'pbkdf2_sha256$1000000$x13kBvxOHG0VHxNbC1PRKL$esR+QP70e9h0AnR4TffMVe8QFTdhxcVb/M9NSLsBkgc=', NULL, false, 'lena', '', '', 'lena@example.org', true, true, '2026-11-28 12:47:58.514875+00', '81a009f5-b792-4d46-89ec-3279c2f33152', false);
INSERT INTO public.chatapp_user VALUES (5, 'pbkdf2_sha256$1000000$b9ZwuZlZipm74hfAxbFO7B$+/Wl4hFmFY336IMW1Wz8Yc77FrihfFbW3KD/wsVyUUY=', NULL, true, 'sam', '', '', 'sam@example.org', true, true, '2026-11-28 12:48:02.904659+00', '154bc561-5790-4d03-a026-fc693503b079', false);
INSERT INTO public.chatapp_user_groups VALUES (1, 3, 2);
INSERT INTO public.chatapp_user_groups VALUES (2, 4, 3);
INSERT INTO public.chatapp_user_user_permissions VALUES (1, 3, 79);
INSERT INTO public.django_admin_log VALUES (1, '2026-11-28 12:48:12.931138+00', '1', 'A reading', 2, '', 19, 5);
INSERT INTO public.django_content_type VALUES (1, 'chatapp', 'assistant');
INSERT INTO public.django_content_type VALUES (2, 'chatapp', 'promptversion');
INSERT INTO public.django_content_type VALUES (3, 'chatapp', 'message');
INSERT INTO public.django_content_type VALUES (4, 'chatapp', 'conversation');
INSERT INTO public.django_content_type VALUES (5, 'chatapp', 'sharedcopy');
INSERT INTO public.django_content_type VALUES (6, 'chatapp', 'user');
INSERT INTO public.django_content_type VALUES (7, 'feedback', 'decision');
INSERT INTO public.django_content_type VALUES (8, 'feedback', 'category');
INSERT INTO public.django_content_type VALUES (9, 'feedback', 'mention');
INSERT INTO public.django_content_type VALUES (10, 'feedback', 'channel');
INSERT INTO public.django_content_type VALUES (11, 'feedback', 'delivery');
INSERT INTO public.django_content_type VALUES (12, 'feedback', 'reason');
INSERT INTO public.django_content_type VALUES (13, 'feedback', 'rating');
INSERT INTO public.django_content_type VALUES (14, 'feedback', 'review');
INSERT INTO public.django_content_type VALUES (15, 'feedback', 'bulkact');
INSERT INTO public.django_content_type VALUES (16, 'feedback', 'bulkpart');
INSERT INTO public.django_content_type VALUES (17, 'feedback', 'export');
INSERT INTO public.django_content_type VALUES (18, 'feedback', 'opinion');
INSERT INTO public.django_content_type VALUES (19, 'feedback', 'readinglog');
INSERT INTO public.django_content_type VALUES (20, 'feedback', 'grouprules');
INSERT INTO public.django_content_type VALUES (21, 'feedback', 'savedfilter');
INSERT INTO public.django_content_type VALUES (22, 'feedback', 'copied');
INSERT INTO public.django_content_type VALUES (23, 'feedback', 'tally');
INSERT INTO public.django_content_type VALUES (24, 'feedback', 'tallied');
INSERT INTO public.django_content_type VALUES (25, 'feedback', 'touched');
INSERT INTO public.django_content_type VALUES (26, 'feedback', 'tallystate');
INSERT INTO public.django_content_type VALUES (27, 'admin', 'logentry');
INSERT INTO public.django_content_type VALUES (28, 'auth', 'permission');
INSERT INTO public.django_content_type VALUES (29, 'auth', 'group');
INSERT INTO public.django_content_type VALUES (30, 'contenttypes', 'contenttype');
INSERT INTO public.django_content_type VALUES (31, 'sessions', 'session');
INSERT INTO public.django_content_type VALUES (32, 'account', 'emailaddress');
INSERT INTO public.django_content_type VALUES (33, 'account', 'emailconfirmation');
INSERT INTO public.django_migrations VALUES (1, 'contenttypes', '0001_initial', '2026-11-28 12:46:34.747831+00');
INSERT INTO public.django_migrations VALUES (2, 'contenttypes', '0002_remove_content_type_name', '2026-11-28 12:46:34.89492+00');
INSERT INTO public.django_migrations VALUES (3, 'auth', '0001_initial', '2026-11-28 12:46:35.380296+00');
INSERT INTO public.django_migrations VALUES (4, 'auth', '0002_alter_permission_name_max_length', '2026-11-28 12:46:35.687096+00');
INSERT INTO public.django_migrations VALUES (5, 'auth', '0003_alter_user_email_max_length', '2026-11-28 12:46:35.960202+00');
INSERT INTO public.django_migrations VALUES (6, 'auth', '0004_alter_user_username_opts', '2026-11-28 12:46:36.169492+00');
INSERT INTO public.django_migrations VALUES (7, 'auth', '0005_alter_user_last_login_null', '2026-11-28 12:46:36.223296+00');
INSERT INTO public.django_migrations VALUES (8, 'auth', '0006_require_contenttypes_0002', '2026-11-28 12:46:36.272166+00');
INSERT INTO public.django_migrations VALUES (9, 'auth', '0007_alter_validators_add_error_messages', '2026-11-28 12:46:36.382747+00');
INSERT INTO public.django_migrations VALUES (10, 'auth', '0008_alter_user_username_max_length', '2026-11-28 12:46:36.534964+00');
INSERT INTO public.django_migrations VALUES (11, 'auth', '0009_alter_user_last_name_max_length', '2026-11-28 12:46:36.694977+00');
INSERT INTO public.django_migrations VALUES (12, 'auth', '0010_alter_group_name_max_length', '2026-11-28 12:46:36.832601+00');
INSERT INTO public.django_migrations VALUES (13, 'auth', '0011_update_proxy_permissions', '2026-11-28 12:46:36.898076+00');
INSERT INTO public.django_migrations VALUES (14, 'auth', '0012_alter_user_first_name_max_length', '2026-11-28 12:46:37.012907+00');
INSERT INTO public.django_migrations VALUES (15, 'chatapp', '0001_initial', '2026-11-28 12:46:39.208924+00');
INSERT INTO public.django_migrations VALUES (16, 'account', '0001_initial', '2026-11-28 12:46:39.794932+00');
INSERT INTO public.django_migrations VALUES (17, 'account', '0002_email_max_length', '2026-11-28 12:46:40.088142+00');
INSERT INTO public.django_migrations VALUES (18, 'account', '0003_alter_emailaddress_create_unique_verified_email', '2026-11-28 12:46:41.666917+00');
INSERT INTO public.django_migrations VALUES (19, 'account', '0004_alter_emailaddress_drop_unique_email', '2026-11-28 12:46:42.115025+00');
INSERT INTO public.django_migrations VALUES (20, 'account', '0005_emailaddress_idx_upper_email', '2026-11-28 12:46:42.470851+00');
INSERT INTO public.django_migrations VALUES (21, 'account', '0006_emailaddress_lower', '2026-11-28 12:46:42.857845+00');
INSERT INTO public.django_migrations VALUES (22, 'account', '0007_emailaddress_idx_email', '2026-11-28 12:46:43.459436+00');
INSERT INTO public.django_migrations VALUES (23, 'account', '0008_emailaddress_unique_primary_email_fixup', '2026-11-28 12:46:43.81431+00');
INSERT INTO public.django_migrations VALUES (24, 'account', '0009_emailaddress_unique_primary_email', '2026-11-28 12:46:44.166955+00');
INSERT INTO public.django_migrations VALUES (25, 'admin', '0001_initial', '2026-11-28 12:46:44.792125+00');
INSERT INTO public.django_migrations VALUES (26, 'admin', '0002_logentry_remove_auto_add', '2026-11-28 12:46:45.008803+00');
INSERT INTO public.django_migrations VALUES (27, 'admin', '0003_logentry_add_action_flag_choices', '2026-11-28 12:46:45.300588+00');
INSERT INTO public.django_migrations VALUES (28, 'chatapp', '0002_places_of_conversations', '2026-11-28 12:46:46.470896+00');
INSERT INTO public.django_migrations VALUES (29, 'chatapp', '0003_full_text', '2026-11-28 12:46:46.826915+00');
INSERT INTO public.django_migrations VALUES (30, 'chatapp', '0004_titled_by', '2026-11-28 12:46:47.286976+00');
INSERT INTO public.django_migrations VALUES (31, 'chatapp', '0005_shared_copies', '2026-11-28 12:46:47.798947+00');
INSERT INTO public.django_migrations VALUES (32, 'chatapp', '0006_temporary', '2026-11-28 12:46:48.119457+00');
INSERT INTO public.django_migrations VALUES (33, 'chatapp', '0007_images', '2026-11-28 12:46:48.494942+00');
INSERT INTO public.django_migrations VALUES (34, 'chatapp', '0008_counted', '2026-11-28 12:46:49.137932+00');
INSERT INTO public.django_migrations VALUES (35, 'feedback', '0001_initial', '2026-11-28 12:46:51.298813+00');
INSERT INTO public.django_migrations VALUES (36, 'feedback', '0002_review', '2026-11-28 12:46:53.970975+00');
INSERT INTO public.django_migrations VALUES (37, 'feedback', '0003_new_reviews', '2026-11-28 12:46:54.008502+00');
INSERT INTO public.django_migrations VALUES (38, 'feedback', '0004_reading', '2026-11-28 12:46:54.210979+00');
INSERT INTO public.django_migrations VALUES (39, 'feedback', '0005_roles', '2026-11-28 12:46:55.390955+00');
INSERT INTO public.django_migrations VALUES (40, 'feedback', '0006_the_list', '2026-11-28 12:47:04.842888+00');
INSERT INTO public.django_migrations VALUES (41, 'feedback', '0007_desk', '2026-11-28 12:47:15.483101+00');
INSERT INTO public.django_migrations VALUES (42, 'feedback', '0008_desk_roles', '2026-11-28 12:47:16.126788+00');
INSERT INTO public.django_migrations VALUES (43, 'feedback', '0009_copies', '2026-11-28 12:47:16.907151+00');
INSERT INTO public.django_migrations VALUES (44, 'feedback', '0010_export', '2026-11-28 12:47:18.27486+00');
INSERT INTO public.django_migrations VALUES (45, 'feedback', '0011_rules', '2026-11-28 12:47:18.762905+00');
INSERT INTO public.django_migrations VALUES (46, 'feedback', '0012_signals', '2026-11-28 12:47:20.890792+00');
INSERT INTO public.django_migrations VALUES (47, 'feedback', '0013_reading_purpose', '2026-11-28 12:47:24.189863+00');
INSERT INTO public.django_migrations VALUES (48, 'feedback', '0014_pairs_and_trail', '2026-11-28 12:47:26.506895+00');
INSERT INTO public.django_migrations VALUES (49, 'feedback', '0015_walking', '2026-11-28 12:47:27.66742+00');
INSERT INTO public.django_migrations VALUES (50, 'feedback', '0016_tallies', '2026-11-28 12:47:28.726853+00');
INSERT INTO public.django_migrations VALUES (51, 'feedback', '0017_emptied', '2026-11-28 12:47:29.17483+00');
INSERT INTO public.django_migrations VALUES (52, 'feedback', '0018_in_time', '2026-11-28 12:47:29.583419+00');
INSERT INTO public.django_migrations VALUES (53, 'feedback', '0019_narrow_words', '2026-11-28 12:47:30.091024+00');
INSERT INTO public.django_migrations VALUES (54, 'sessions', '0001_initial', '2026-11-28 12:47:30.274824+00');
INSERT INTO public.django_session VALUES ('74sfl5oljvd41it2cg5op2sii2yscwg4', 'e30:1xXHqZ:hM_zQb5pOz6fPxfTRAu8BRj5H3A7nFPyxHT09cSNr8w', '2027-02-26 12:48:07.347441+00');
INSERT INTO public.feedback_bulkact VALUES ('cd1a72de-82b8-464a-bec0-bad8552869bc', '2026-11-28 12:48:12.527211+00', NULL, '{"status": "no-action"}', 'thumb=up', NULL, 1, 0, 0, 4);
INSERT INTO public.feedback_bulkpart VALUES (1, '[2]', 'cd1a72de-82b8-464a-bec0-bad8552869bc');
INSERT INTO public.feedback_category VALUES (1, 'facts', 'Facts', 0, false);
INSERT INTO public.feedback_category VALUES (2, 'reasoning', 'Reasoning', 1, false);
INSERT INTO public.feedback_category VALUES (3, 'instructions', 'Instructions not followed', 2, false);
INSERT INTO public.feedback_category VALUES (4, 'style', 'Style or tone', 3, false);
INSERT INTO public.feedback_category VALUES (5, 'refusal', 'Refusal without cause', 4, false);
INSERT INTO public.feedback_category VALUES (6, 'safety', 'Safety', 5, false);
INSERT INTO public.feedback_category VALUES (7, 'prompt', 'Our prompt is at fault', 6, false);
INSERT INTO public.feedback_category VALUES (8, 'other', 'Something else', 7, false);
INSERT INTO public.feedback_channel VALUES (1, '', NULL, '', '', 0, false, NULL, '2026-11-28 12:48:12.847493+00', 0, '2026-11-28 12:48:12.847511+00');
INSERT INTO public.feedback_copied VALUES ('c2b00db6-fb8f-4492-b847-f0338f12aea5', '2026-11-28 12:48:12.727562+00');
INSERT INTO public.feedback_decision VALUES (1, 'a7554265-7154-42cd-852c-7b97528b8971', '2026-11-28 12:48:11.327461+00', 'status', 'new', 'needs-work', 3, NULL, 1, '');
INSERT INTO public.feedback_decision VALUES (2, 'a7554265-7154-42cd-852c-7b97528b8971', '2026-11-28 12:48:11.371908+00', 'verdict', '', 'agree', 3, NULL, 1, '');
INSERT INTO public.feedback_decision VALUES (3, 'a7554265-7154-42cd-852c-7b97528b8971', '2026-11-28 12:48:11.427014+00', 'category', '', 'facts', 3, NULL, 1, '');
INSERT INTO public.feedback_decision VALUES (4, 'a7554265-7154-42cd-852c-7b97528b8971', '2026-11-28 12:48:11.481305+00', 'note', '', '@lena, see?', 3, NULL, 1, '');
INSERT INTO public.feedback_decision VALUES (5, 'a7554265-7154-42cd-852c-7b97528b8971', '2026-11-28 12:48:11.743425+00', 'assignee', '', '3', 3, NULL, 1, '');
INSERT INTO public.feedback_decision VALUES (6, '7e166757-27b1-47af-a659-b76af9ae9410', '2026-11-28 12:48:11.899357+00', 'status', 'new', 'no-action', 3, NULL, 3, '');
INSERT INTO public.feedback_decision VALUES (7, '5277ab72-19f4-4202-a343-f93129fd543e', '2026-11-28 12:48:12.111027+00', 'status', 'no-action', 'new', 3, 6, 3, '');
INSERT INTO public.feedback_delivery VALUES (1, 'due', 'read', '2026-11-28 12:48:08.051043+00', '2026-11-28 12:48:08.051054+00', 1, NULL, '2026-11-28 12:48:08.051071+00', '', NULL, NULL, NULL, NULL, NULL, '{}', NULL, NULL, 0, '', 1);
INSERT INTO public.feedback_delivery VALUES (2, 'due', 'read', '2026-11-28 12:48:08.782869+00', '2026-11-28 12:48:08.782879+00', 1, NULL, '2026-11-28 12:48:08.782896+00', '', NULL, NULL, NULL, NULL, NULL, '{}', NULL, NULL, 0, '', 2);
INSERT INTO public.feedback_delivery VALUES (3, 'due', 'read', '2026-11-28 12:48:09.410757+00', '2026-11-28 12:48:09.410767+00', 1, NULL, '2026-11-28 12:48:09.410779+00', '', NULL, NULL, NULL, NULL, NULL, '{}', NULL, NULL, 0, '', 3);
INSERT INTO public.feedback_delivery VALUES (5, 'due', 'read', '2026-11-28 12:48:10.454928+00', '2026-11-28 12:48:10.454939+00', 1, NULL, '2026-11-28 12:48:10.454954+00', '', NULL, NULL, NULL, NULL, NULL, '{}', NULL, NULL, 0, '', 5);
INSERT INTO public.feedback_delivery VALUES (4, 'due', 'read', '2026-11-28 12:48:11.201055+00', '2026-11-28 12:48:11.201055+00', 2, NULL, '2026-11-28 12:48:09.922848+00', '', NULL, NULL, NULL, NULL, NULL, '{}', NULL, NULL, 0, '', 4);
INSERT INTO public.feedback_delivery VALUES (6, 'due', 'read', '2026-11-28 12:48:14.054905+00', '2026-11-28 12:48:14.054916+00', 1, NULL, '2026-11-28 12:48:14.05493+00', '', NULL, NULL, NULL, NULL, NULL, '{}', NULL, NULL, 0, '', 6);
INSERT INTO public.feedback_export VALUES (1, 'csv', '', '2026-11-28 12:48:12.691274+00', '2026-11-28 12:48:12.691285+00', 'complete', 3, 3, 4, 'A report');
INSERT INTO public.feedback_grouprules VALUES (1, false, 5);
INSERT INTO public.feedback_mention VALUES (1, 'a7554265-7154-42cd-852c-7b97528b8971', '2026-11-28 12:48:11.71177+00', NULL, 3, 1, 4, NULL);
INSERT INTO public.feedback_opinion VALUES (1, '2026-11-28 12:48:12.303196+00', 1, 'fixed', 'agree', '', '', 3, NULL, 5);
INSERT INTO public.feedback_rating VALUES (1, -1, 'Of what?', '', 1, '2026-11-28 12:48:07.771654+00', '2026-11-28 12:48:08.246783+00', '3e12af57-301c-4d3e-962d-5af0018b2d20', 1, '3c6e1451e59fedc08e200f8b01aeb9fd8fa3f2896d5c7eeb9f1c3d753ffc0621', false, 1, false, false, 'echo', 1);
INSERT INTO public.feedback_rating VALUES (2, 1, '', '', 1, '2026-11-28 12:48:08.561843+00', '2026-11-28 12:48:08.926845+00', 'c2b00db6-fb8f-4492-b847-f0338f12aea5', 2, '17cce8dbbad296d43778ce4b58f393f99463d80f24dc7ea3d7c08833e6be911e', false, 1, true, false, 'echo', 1);
INSERT INTO public.feedback_rating VALUES (3, -1, '', '', 1, '2026-11-28 12:48:09.259084+00', '2026-11-28 12:48:09.490888+00', '93376f9f-f1f6-4afb-8f96-f05fe1a2ed55', 1, '6481a265f81515ba59dd273af3e05e7501e2e1be32f7ea5dc0f85a101cb342bb', false, 1, false, false, 'echo', 1);
INSERT INTO public.feedback_rating VALUES (5, -1, '', '', 1, '2026-11-28 12:48:10.235092+00', '2026-11-28 12:48:10.571008+00', 'e035274c-0b3a-43b3-acb3-e695838d3b88', 1, '1d7be73eca12699741e3effd607b03645b670332c732c673cac03ea7eb5c3ba6', false, 1, false, false, 'echo', 1);
INSERT INTO public.feedback_rating VALUES (4, NULL, '', '', 2, '2026-11-28 12:48:09.791152+00', '2026-11-28 12:48:11.087319+00', 'faa6bd8d-82c6-405b-b828-704c68d034a0', 1, 'fd0079c21c47cd50fa99a70d9c5bca6d6f6c4706ec5fa3de76c373c4b8ee728b', false, 1, false, false, 'echo', 1);
INSERT INTO public.feedback_rating VALUES (6, 1, '', '', 1, '2026-11-28 12:48:13.839352+00', '2026-11-28 12:48:14.13087+00', 'e4266de2-caa8-476c-a503-b10cca895926', 2, 'c31a6855865e482ab34f904f6ca40abbfc33c9850bc0799361cc4c1cfc8dd9f0', false, 1, true, false, 'echo', 1);
INSERT INTO public.feedback_rating_reasons VALUES (1, 1, 1);
INSERT INTO public.feedback_rating_reasons VALUES (2, 2, 11);
INSERT INTO public.feedback_readinglog VALUES (1, '2026-11-28 12:48:12.64949+00', false, 1, 3, '42941b9c-c8f8-49ac-8241-c0692d884ce0', '', 'rated', '', 'queue');
INSERT INTO public.feedback_reason VALUES (1, 'wrong', 'Factually wrong', -1, 0, false);
INSERT INTO public.feedback_reason VALUES (2, 'ignored', 'Ignored my instructions', -1, 1, false);
INSERT INTO public.feedback_reason VALUES (3, 'incomplete', 'Incomplete', -1, 2, false);
INSERT INTO public.feedback_reason VALUES (4, 'too-long', 'Too long', -1, 3, false);
INSERT INTO public.feedback_reason VALUES (5, 'style', 'Style or tone', -1, 4, false);
INSERT INTO public.feedback_reason VALUES (6, 'refused', 'Refused without cause', -1, 5, false);
INSERT INTO public.feedback_reason VALUES (7, 'unsafe', 'Unsafe', -1, 6, false);
INSERT INTO public.feedback_reason VALUES (8, 'other-down', 'Something else', -1, 7, false);
INSERT INTO public.feedback_reason VALUES (9, 'accurate', 'Accurate', 1, 0, false);
INSERT INTO public.feedback_reason VALUES (10, 'followed', 'Followed instructions', 1, 1, false);
INSERT INTO public.feedback_reason VALUES (11, 'clear', 'Clear', 1, 2, false);
INSERT INTO public.feedback_reason VALUES (12, 'thorough', 'Thorough', 1, 3, false);
INSERT INTO public.feedback_reason VALUES (13, 'creative', 'Creative', 1, 4, false);
INSERT INTO public.feedback_reason VALUES (14, 'other-up', 'Something else', 1, 5, false);
INSERT INTO public.feedback_review VALUES (2, 'new', '', '', '', NULL, NULL, NULL, NULL, 2, 1, '', NULL, false, 0);
INSERT INTO public.feedback_review VALUES (4, 'new', '', '', '', NULL, NULL, NULL, NULL, 4, NULL, '', NULL, false, 0);
INSERT INTO public.feedback_review VALUES (1, 'needs-work', 'agree', '@lena, see?', '', NULL, 3, 1, NULL, 1, -1, '', NULL, false, 0);
INSERT INTO public.feedback_review VALUES (3, 'new', '', '', '', '2026-11-28 12:58:12.178784+00', NULL, NULL, 3, 3, -1, '', NULL, false, 0);
INSERT INTO public.feedback_review VALUES (5, 'new', '', '', '', NULL, NULL, NULL, NULL, 5, -1, 'open', NULL, false, 0);
INSERT INTO public.feedback_review VALUES (6, 'new', '', '', '', NULL, NULL, NULL, NULL, 6, 1, '', NULL, false, 0);
INSERT INTO public.feedback_savedfilter VALUES (1, 'Thumbs down', 'thumb=down', true, '2026-11-28 12:48:12.675664+00', 3);
INSERT INTO public.feedback_tallied VALUES ('42941b9c-c8f8-49ac-8241-c0692d884ce0', '[["2026-11-28", 1, false, null, 1, 1, 0], ["2026-11-28", 1, false, 1, 0, 1, 0]]');
INSERT INTO public.feedback_tallied VALUES ('6b595f2d-f64f-47f7-bd09-366f47d2305c', '[["2026-11-28", 1, true, null, 1, 1, 1], ["2026-11-28", 1, true, 11, 0, 1, 0]]');
INSERT INTO public.feedback_tallied VALUES ('7e305e87-9d53-4b2d-9b77-515d5a3f42a2', '[["2026-11-28", 1, false, null, 1, 1, 0]]');
INSERT INTO public.feedback_tallied VALUES ('9be9e034-48b9-484e-9fc9-530fc3cd0dda', '[["2026-11-28", 1, false, null, 1, 0, 0]]');
INSERT INTO public.feedback_tallied VALUES ('ab044021-603d-4f62-a7fc-0d16f83b1528', '[["2026-11-28", 1, false, null, 1, 0, 0]]');
INSERT INTO public.feedback_tallied VALUES ('c7998a05-69cc-474e-8e1d-7868fd65e8c6', '[["2026-11-28", 1, false, null, 1, 1, 0]]');
INSERT INTO public.feedback_tally VALUES ('2026-11-28/1/False/None', '2026-11-28', '2026-11-23', false, 5, 3, 0, NULL, 1);
INSERT INTO public.feedback_tally VALUES ('2026-11-28/1/False/1', '2026-11-28', '2026-11-23', false, 0, 1, 0, 1, 1);
INSERT INTO public.feedback_tally VALUES ('2026-11-28/1/True/None', '2026-11-28', '2026-11-23', true, 1, 1, 1, NULL, 1);
INSERT INTO public.feedback_tally VALUES ('2026-11-28/1/True/11', '2026-11-28', '2026-11-23', true, 0, 1, 0, 11, 1);
INSERT INTO public.feedback_tallystate VALUES (1, 'UTC');
INSERT INTO public.feedback_touched VALUES (15, '3baafddc-3b25-48ad-b50a-97d2da7305e1', NULL, NULL, NULL);
INSERT INTO public.feedback_touched VALUES (16, NULL, 'e4266de2-caa8-476c-a503-b10cca895926', NULL, NULL);
INSERT INTO public.feedback_words VALUES (1, '''because'':8 ''blue'':7 ''is'':4 ''of'':1,9 ''rayleigh'':10 ''scattering'':11 ''sky'':6 ''the'':5 ''what'':2 ''why'':3', '                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                ');
INSERT INTO public.feedback_words VALUES (2, '''下雨'':5 ''为'':1 ''为云'':9 ''为什'':2 ''么下'':4 ''了'':17 ''云里'':10 ''什么'':3 ''变大'':15 ''因'':7 ''因为'':8 ''大了'':16 ''水滴'':13 ''滴变'':14 ''的水'':12 ''里的'':11 ''雨'':6', '                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                ');
INSERT INTO public.feedback_words VALUES (3, '''all'':7 ''colours'':8 ''is'':2 ''it'':5 ''scatters'':6 ''snow'':3 ''white'':4 ''why'':1', '                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                ');
INSERT INTO public.feedback_words VALUES (4, '''are'':2 ''moon'':6 ''pulls'':7 ''the'':5 ''there'':3 ''tides'':4 ''why'':1', '                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                ');
INSERT INTO public.feedback_words VALUES (5, '''cold'':5 ''does'':2 ''hail'':4 ''it'':3 ''updrafts'':6 ''why'':1', '                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                ');
INSERT INTO public.feedback_words VALUES (6, '''air'':8 ''at'':9 ''dew'':3 ''is'':2 ''night'':10 ''of'':6 ''out'':5 ''the'':7 ''water'':4 ''what'':1', '                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                ');
SELECT pg_catalog.setval('public.account_emailaddress_id_seq', 1, true);
SELECT pg_catalog.setval('public.account_emailconfirmation_id_seq', 1, true);
SELECT pg_catalog.setval('public.auth_group_id_seq', 5, true);
SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 37, true);
SELECT pg_catalog.setval('public.auth_permission_id_seq', 119, true);
SELECT pg_catalog.setval('public.chatapp_assistant_id_seq', 1, true);
SELECT pg_catalog.setval('public.chatapp_promptversion_id_seq', 1, true);
SELECT pg_catalog.setval('public.chatapp_sharedcopy_id_seq', 1, true);
SELECT pg_catalog.setval('public.chatapp_user_groups_id_seq', 2, true);
SELECT pg_catalog.setval('public.chatapp_user_id_seq', 5, true);
SELECT pg_catalog.setval('public.chatapp_user_user_permissions_id_seq', 1, true);
SELECT pg_catalog.setval('public.django_admin_log_id_seq', 1, true);
SELECT pg_catalog.setval('public.django_content_type_id_seq', 33, true);
SELECT pg_catalog.setval('public.django_migrations_id_seq', 54, true);
SELECT pg_catalog.setval('public.feedback_bulkpart_id_seq', 1, true);
SELECT pg_catalog.setval('public.feedback_category_id_seq', 8, true);
SELECT pg_catalog.setval('public.feedback_channel_id_seq', 1, false);
SELECT pg_catalog.setval('public.feedback_decision_id_seq', 7, true);
SELECT pg_catalog.setval('public.feedback_delivery_id_seq', 6, true);
SELECT pg_catalog.setval('public.feedback_export_id_seq', 1, true);
SELECT pg_catalog.setval('public.feedback_grouprules_id_seq', 1, true);
SELECT pg_catalog.setval('public.feedback_mention_id_seq', 1, true);
SELECT pg_catalog.setval('public.feedback_opinion_id_seq', 1, true);
SELECT pg_catalog.setval('public.feedback_rating_id_seq', 6, true);
SELECT pg_catalog.setval('public.feedback_rating_reasons_id_seq', 2, true);
SELECT pg_catalog.setval('public.feedback_readinglog_id_seq', 1, true);
SELECT pg_catalog.setval('public.feedback_reason_id_seq', 14, true);
SELECT pg_catalog.setval('public.feedback_review_id_seq', 6, true);
SELECT pg_catalog.setval('public.feedback_savedfilter_id_seq', 1, true);
SELECT pg_catalog.setval('public.feedback_tallystate_id_seq', 1, true);
SELECT pg_catalog.setval('public.feedback_touched_id_seq', 16, true);
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_email_987c8728_uniq UNIQUE (user_id, email);
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_key_key UNIQUE (key);
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirmation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.chatapp_assistant
    ADD CONSTRAINT chatapp_assistant_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.chatapp_assistant
    ADD CONSTRAINT chatapp_assistant_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.chatapp_conversation
    ADD CONSTRAINT chatapp_conversation_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.chatapp_message
    ADD CONSTRAINT chatapp_message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.chatapp_promptversion
    ADD CONSTRAINT chatapp_promptversion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.chatapp_sharedcopy
    ADD CONSTRAINT chatapp_sharedcopy_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.chatapp_sharedcopy
    ADD CONSTRAINT chatapp_sharedcopy_token_key UNIQUE (token);
ALTER TABLE ONLY public.chatapp_user_groups
    ADD CONSTRAINT chatapp_user_groups_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.chatapp_user_groups
    ADD CONSTRAINT chatapp_user_groups_user_id_group_id_346611e5_uniq UNIQUE (user_id, group_id);
ALTER TABLE ONLY public.chatapp_user
    ADD CONSTRAINT chatapp_user_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.chatapp_user
    ADD CONSTRAINT chatapp_user_uid_key UNIQUE (uid);
ALTER TABLE ONLY public.chatapp_user_user_permissions
    ADD CONSTRAINT chatapp_user_user_permis_user_id_permission_id_f522c769_uniq UNIQUE (user_id, permission_id);
ALTER TABLE ONLY public.chatapp_user_user_permissions
    ADD CONSTRAINT chatapp_user_user_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.chatapp_user
    ADD CONSTRAINT chatapp_user_username_key UNIQUE (username);
ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.feedback_bulkact
    ADD CONSTRAINT feedback_bulkact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_bulkpart
    ADD CONSTRAINT feedback_bulkpart_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_category
    ADD CONSTRAINT feedback_category_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_category
    ADD CONSTRAINT feedback_category_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.feedback_channel
    ADD CONSTRAINT feedback_channel_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_copied
    ADD CONSTRAINT feedback_copied_pkey PRIMARY KEY (answer_id);
ALTER TABLE ONLY public.feedback_decision
    ADD CONSTRAINT feedback_decision_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_decision
    ADD CONSTRAINT feedback_decision_undoes_id_key UNIQUE (undoes_id);
ALTER TABLE ONLY public.feedback_delivery
    ADD CONSTRAINT feedback_delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_delivery
    ADD CONSTRAINT feedback_delivery_rating_id_key UNIQUE (rating_id);
ALTER TABLE ONLY public.feedback_export
    ADD CONSTRAINT feedback_export_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_grouprules
    ADD CONSTRAINT feedback_grouprules_group_id_key UNIQUE (group_id);
ALTER TABLE ONLY public.feedback_grouprules
    ADD CONSTRAINT feedback_grouprules_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_mention
    ADD CONSTRAINT feedback_mention_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_opinion
    ADD CONSTRAINT feedback_opinion_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_rating
    ADD CONSTRAINT feedback_rating_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_rating_reasons
    ADD CONSTRAINT feedback_rating_reasons_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_rating_reasons
    ADD CONSTRAINT feedback_rating_reasons_rating_id_reason_id_745de28e_uniq UNIQUE (rating_id, reason_id);
ALTER TABLE ONLY public.feedback_readinglog
    ADD CONSTRAINT feedback_readinglog_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_reason
    ADD CONSTRAINT feedback_reason_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_reason
    ADD CONSTRAINT feedback_reason_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.feedback_review
    ADD CONSTRAINT feedback_review_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_review
    ADD CONSTRAINT feedback_review_rating_id_key UNIQUE (rating_id);
ALTER TABLE ONLY public.feedback_savedfilter
    ADD CONSTRAINT feedback_savedfilter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_tallied
    ADD CONSTRAINT feedback_tallied_pkey PRIMARY KEY (conversation_id);
ALTER TABLE ONLY public.feedback_tally
    ADD CONSTRAINT feedback_tally_pkey PRIMARY KEY (kind);
ALTER TABLE ONLY public.feedback_tallystate
    ADD CONSTRAINT feedback_tallystate_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_touched
    ADD CONSTRAINT feedback_touched_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.feedback_words
    ADD CONSTRAINT feedback_words_pkey PRIMARY KEY (rating_id);
ALTER TABLE ONLY public.feedback_opinion
    ADD CONSTRAINT one_opinion_per_reviewer UNIQUE (review_id, by_id, revision);
ALTER TABLE ONLY public.feedback_rating
    ADD CONSTRAINT one_rating_per_person_and_answer UNIQUE (message_id, user_id);
ALTER TABLE ONLY public.feedback_savedfilter
    ADD CONSTRAINT one_saved_filter_of_a_name UNIQUE (owner_id, name);
ALTER TABLE ONLY public.chatapp_promptversion
    ADD CONSTRAINT version_number_once UNIQUE (assistant_id, number);
CREATE INDEX account_emailaddress_email_03be32b2 ON public.account_emailaddress USING btree (email);
CREATE INDEX account_emailaddress_email_03be32b2_like ON public.account_emailaddress USING btree (email varchar_pattern_ops);
CREATE INDEX account_emailaddress_user_id_2c513194 ON public.account_emailaddress USING btree (user_id);
CREATE INDEX account_emailconfirmation_email_address_id_5b7f8c58 ON public.account_emailconfirmation USING btree (email_address_id);
CREATE INDEX account_emailconfirmation_key_f43612bd_like ON public.account_emailconfirmation USING btree (key varchar_pattern_ops);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE INDEX chatapp_assistant_slug_3c24180b_like ON public.chatapp_assistant USING btree (slug varchar_pattern_ops);
CREATE INDEX chatapp_conversation_assistant_id_00391965 ON public.chatapp_conversation USING btree (assistant_id);
CREATE INDEX chatapp_conversation_deleted_at_13e3134d ON public.chatapp_conversation USING btree (deleted_at);
CREATE INDEX chatapp_conversation_head_id_6bb999c2 ON public.chatapp_conversation USING btree (head_id);
CREATE INDEX chatapp_conversation_user_id_131e8fe1 ON public.chatapp_conversation USING btree (user_id);
CREATE INDEX chatapp_conversation_words ON public.chatapp_conversation USING gin (to_tsvector('simple'::regconfig, translate("left"((title)::text, 200000), './:@-_+~&=?#'::text, '            '::text)));
CREATE INDEX chatapp_message_conversation_id_751b6c97 ON public.chatapp_message USING btree (conversation_id);
CREATE INDEX chatapp_message_created_at_e3d7740d ON public.chatapp_message USING btree (created_at);
CREATE INDEX chatapp_message_helicone_id_98ff6e20 ON public.chatapp_message USING btree (helicone_id);
CREATE INDEX chatapp_message_parent_id_80db941e ON public.chatapp_message USING btree (parent_id);
CREATE INDEX chatapp_message_prompt_version_id_be75c210 ON public.chatapp_message USING btree (prompt_version_id);
CREATE INDEX chatapp_message_words ON public.chatapp_message USING gin (to_tsvector('simple'::regconfig, translate("left"(text, 200000), './:@-_+~&=?#'::text, '            '::text))) WHERE ((status)::text <> ALL ((ARRAY['queued'::character varying, 'streaming'::character varying])::text[]));
CREATE INDEX chatapp_promptversion_assistant_id_7b79e453 ON public.chatapp_promptversion USING btree (assistant_id);
CREATE INDEX chatapp_promptversion_author_id_5c0ac201 ON public.chatapp_promptversion USING btree (author_id);
CREATE INDEX chatapp_sharedcopy_conversation_id_03c1c23b ON public.chatapp_sharedcopy USING btree (conversation_id);
CREATE INDEX chatapp_sharedcopy_token_c12975a2_like ON public.chatapp_sharedcopy USING btree (token varchar_pattern_ops);
CREATE INDEX chatapp_user_groups_group_id_8499487d ON public.chatapp_user_groups USING btree (group_id);
CREATE INDEX chatapp_user_groups_user_id_4fe54325 ON public.chatapp_user_groups USING btree (user_id);
CREATE INDEX chatapp_user_user_permissions_permission_id_b6a2a8b1 ON public.chatapp_user_user_permissions USING btree (permission_id);
CREATE INDEX chatapp_user_user_permissions_user_id_dc417c1b ON public.chatapp_user_user_permissions USING btree (user_id);
CREATE INDEX chatapp_user_username_40c70cc7_like ON public.chatapp_user USING btree (username varchar_pattern_ops);
CREATE INDEX conversations_not_counted ON public.chatapp_conversation USING btree (id) WHERE (is_temporary OR (deleted_at IS NOT NULL));
CREATE INDEX conversations_of_a_person ON public.chatapp_conversation USING btree (user_id, updated_at DESC);
CREATE INDEX decisions_of_a_person ON public.feedback_decision USING btree (by_id, id DESC);
CREATE INDEX decisions_on_the_trail ON public.feedback_decision USING btree (by_id, at, review_id);
CREATE INDEX deliveries_by_state ON public.feedback_delivery USING btree (state, settled_at);
CREATE INDEX deliveries_in_the_list ON public.feedback_delivery USING btree (state, rating_id);
CREATE INDEX deliveries_pending ON public.feedback_delivery USING btree (call, due_at) WHERE (NOT ((call)::text = ''::text));
CREATE INDEX deliveries_waiting ON public.feedback_delivery USING btree (state, wanted_at);
CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON public.django_admin_log USING btree (content_type_id);
CREATE INDEX django_admin_log_user_id_c564eba6 ON public.django_admin_log USING btree (user_id);
CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX exports_of_a_person ON public.feedback_export USING btree (by_id, id DESC);
CREATE INDEX feedback_bulkact_by_id_ae657c6a ON public.feedback_bulkact USING btree (by_id);
CREATE INDEX feedback_bulkpart_bulk_id_e75e8438 ON public.feedback_bulkpart USING btree (bulk_id);
CREATE INDEX feedback_category_slug_42e7d8bb_like ON public.feedback_category USING btree (slug varchar_pattern_ops);
CREATE INDEX feedback_decision_act_e986d7af ON public.feedback_decision USING btree (act);
CREATE INDEX feedback_decision_by_id_fc55f3ee ON public.feedback_decision USING btree (by_id);
CREATE INDEX feedback_decision_review_id_3b144f24 ON public.feedback_decision USING btree (review_id);
CREATE INDEX feedback_export_by_id_38aaba22 ON public.feedback_export USING btree (by_id);
CREATE INDEX feedback_export_started_at_31a0db2d ON public.feedback_export USING btree (started_at);
CREATE INDEX feedback_mention_by_id_0d887492 ON public.feedback_mention USING btree (by_id);
CREATE INDEX feedback_mention_opinion_id_f3ae1868 ON public.feedback_mention USING btree (opinion_id);
CREATE INDEX feedback_mention_review_id_a2e25b40 ON public.feedback_mention USING btree (review_id);
CREATE INDEX feedback_mention_to_id_3326a5fb ON public.feedback_mention USING btree (to_id);
CREATE INDEX feedback_opinion_by_id_51e084c7 ON public.feedback_opinion USING btree (by_id);
CREATE INDEX feedback_opinion_category_id_adbd515e ON public.feedback_opinion USING btree (category_id);
CREATE INDEX feedback_opinion_review_id_e980f9a3 ON public.feedback_opinion USING btree (review_id);
CREATE INDEX feedback_rating_message_id_c9b9ad05 ON public.feedback_rating USING btree (message_id);
CREATE INDEX feedback_rating_reasons_rating_id_ea330662 ON public.feedback_rating_reasons USING btree (rating_id);
CREATE INDEX feedback_rating_reasons_reason_id_e8822847 ON public.feedback_rating_reasons USING btree (reason_id);
CREATE INDEX feedback_rating_user_id_75b4fd2e ON public.feedback_rating USING btree (user_id);
CREATE INDEX feedback_readinglog_at_c4daed22 ON public.feedback_readinglog USING btree (at);
CREATE INDEX feedback_readinglog_conversation_id_d365ea7b ON public.feedback_readinglog USING btree (conversation_id);
CREATE INDEX feedback_readinglog_rating_id_b1ce7ac4 ON public.feedback_readinglog USING btree (rating_id);
CREATE INDEX feedback_readinglog_reader_id_98afa30f ON public.feedback_readinglog USING btree (reader_id);
CREATE INDEX feedback_reason_slug_ff415513_like ON public.feedback_reason USING btree (slug varchar_pattern_ops);
CREATE INDEX feedback_review_assignee_id_693c90d9 ON public.feedback_review USING btree (assignee_id);
CREATE INDEX feedback_review_category_id_746cc035 ON public.feedback_review USING btree (category_id);
CREATE INDEX feedback_review_holder_id_60c14eaf ON public.feedback_review USING btree (holder_id);
CREATE INDEX feedback_savedfilter_is_shared_34c2a528 ON public.feedback_savedfilter USING btree (is_shared);
CREATE INDEX feedback_savedfilter_owner_id_7341b687 ON public.feedback_savedfilter USING btree (owner_id);
CREATE INDEX feedback_tally_day_b5e1d546 ON public.feedback_tally USING btree (day);
CREATE INDEX feedback_tally_kind_aab63068_like ON public.feedback_tally USING btree (kind varchar_pattern_ops);
CREATE INDEX feedback_words_gin ON public.feedback_words USING gin (words);
CREATE INDEX mentions_unread ON public.feedback_mention USING btree (to_id) WHERE (read_at IS NULL);
CREATE INDEX messages_running ON public.chatapp_message USING btree (heartbeat_at) WHERE ((status)::text = ANY ((ARRAY['queued'::character varying, 'streaming'::character varying])::text[]));
CREATE INDEX messages_shown ON public.chatapp_message USING btree (created_at, prompt_version_id, conversation_id, id) WHERE ((NOT (text = ''::text)) AND ((role)::text = 'assistant'::text) AND ((status)::text = ANY ((ARRAY['complete'::character varying, 'stopped'::character varying, 'interrupted'::character varying])::text[])));
CREATE UNIQUE INDEX one_live_copy_of_a_conversation ON public.chatapp_sharedcopy USING btree (conversation_id) WHERE (revoked_at IS NULL);
CREATE INDEX opinions_on_the_trail ON public.feedback_opinion USING btree (by_id, at, review_id);
CREATE INDEX ratings_by_day ON public.feedback_rating USING btree (created_at, id);
CREATE INDEX ratings_by_guests ON public.feedback_rating USING btree (by_guest, id);
CREATE INDEX ratings_hidden ON public.feedback_rating USING btree (id) WHERE is_hidden;
CREATE INDEX ratings_in_time ON public.feedback_rating USING btree (id, created_at);
CREATE INDEX ratings_of_a_model ON public.feedback_rating USING btree (model, id);
CREATE INDEX ratings_of_a_reason ON public.feedback_rating_reasons USING btree (reason_id, rating_id);
CREATE INDEX ratings_of_a_thumb ON public.feedback_rating USING btree (value, id);
CREATE INDEX ratings_of_a_version ON public.feedback_rating USING btree (version_id, id);
CREATE INDEX ratings_of_an_assistant ON public.feedback_rating USING btree (assistant_id, id);
CREATE INDEX ratings_that_drifted ON public.feedback_rating USING btree (id) WHERE has_drifted;
CREATE INDEX ratings_with_words ON public.feedback_rating USING btree (id) WHERE (NOT (comment = ''::text));
CREATE INDEX ratings_withdrawn ON public.feedback_rating USING btree (id) WHERE (value IS NULL);
CREATE INDEX reviews_by_assignee ON public.feedback_review USING btree (assignee_id, rating_id);
CREATE INDEX reviews_by_category ON public.feedback_review USING btree (category_id, rating_id);
CREATE INDEX reviews_by_signals ON public.feedback_review USING btree (signals DESC, rating_id DESC);
CREATE INDEX reviews_by_status ON public.feedback_review USING btree (status, rating_id DESC);
CREATE INDEX reviews_by_verdict ON public.feedback_review USING btree (verdict, rating_id);
CREATE INDEX reviews_differing ON public.feedback_review USING btree (id) WHERE ((blind)::text = 'differing'::text);
CREATE INDEX reviews_of_nobody ON public.feedback_review USING btree (rating_id) WHERE (assignee_id IS NULL);
CREATE INDEX reviews_shown ON public.feedback_review USING btree (rating_id) WHERE is_shown;
CREATE INDEX reviews_waiting ON public.feedback_review USING btree (id) WHERE ((status)::text = 'new'::text);
CREATE INDEX reviews_waiting_by_signals ON public.feedback_review USING btree (signals DESC, id) WHERE ((status)::text = 'new'::text);
CREATE INDEX reviews_waiting_by_thumb ON public.feedback_review USING btree (thumb, id) WHERE ((status)::text = 'new'::text);
CREATE INDEX staff_by_name ON public.chatapp_user USING btree (username) WHERE (is_active AND is_staff);
CREATE UNIQUE INDEX unique_primary_email ON public.account_emailaddress USING btree (user_id, "primary") WHERE "primary";
CREATE UNIQUE INDEX unique_verified_email ON public.account_emailaddress USING btree (email) WHERE verified;
CREATE TRIGGER feedback_copy_asked_anew AFTER UPDATE OF text ON public.chatapp_message FOR EACH ROW WHEN (((old.text IS DISTINCT FROM new.text) AND ((new.role)::text = 'user'::text))) EXECUTE FUNCTION public.feedback_copy_asked_anew();
CREATE TRIGGER feedback_copy_awaited AFTER INSERT ON public.feedback_review FOR EACH ROW EXECUTE FUNCTION public.feedback_copy_awaited();
CREATE TRIGGER feedback_copy_drifted AFTER UPDATE OF text, model, parameters, prompt_version_id ON public.chatapp_message FOR EACH ROW WHEN ((((old.text IS DISTINCT FROM new.text) OR ((old.model)::text IS DISTINCT FROM (new.model)::text) OR (old.parameters IS DISTINCT FROM new.parameters) OR (old.prompt_version_id IS DISTINCT FROM new.prompt_version_id)) AND ((new.role)::text = 'assistant'::text))) EXECUTE FUNCTION public.feedback_copy_drifted();
CREATE TRIGGER feedback_copy_emptied AFTER TRUNCATE ON public.feedback_rating FOR EACH STATEMENT EXECUTE FUNCTION public.feedback_copy_emptied();
CREATE TRIGGER feedback_copy_explained AFTER UPDATE OF comment ON public.feedback_rating FOR EACH ROW WHEN ((old.comment IS DISTINCT FROM new.comment)) EXECUTE FUNCTION public.feedback_copy_explained();
CREATE TRIGGER feedback_copy_given AFTER INSERT ON public.feedback_rating FOR EACH ROW EXECUTE FUNCTION public.feedback_copy_given();
CREATE TRIGGER feedback_copy_hidden AFTER UPDATE OF deleted_at ON public.chatapp_conversation FOR EACH ROW WHEN ((old.deleted_at IS DISTINCT FROM new.deleted_at)) EXECUTE FUNCTION public.feedback_copy_hidden();
CREATE TRIGGER feedback_copy_known AFTER UPDATE OF is_guest ON public.chatapp_user FOR EACH ROW WHEN ((old.is_guest IS DISTINCT FROM new.is_guest)) EXECUTE FUNCTION public.feedback_copy_known();
CREATE TRIGGER feedback_copy_remade AFTER UPDATE OF model, prompt_version_id ON public.chatapp_message FOR EACH ROW WHEN (((((old.model)::text IS DISTINCT FROM (new.model)::text) OR (old.prompt_version_id IS DISTINCT FROM new.prompt_version_id)) AND ((new.role)::text = 'assistant'::text))) EXECUTE FUNCTION public.feedback_copy_remade();
CREATE TRIGGER feedback_copy_rewritten AFTER UPDATE OF text ON public.chatapp_message FOR EACH ROW WHEN (((old.text IS DISTINCT FROM new.text) AND ((new.role)::text = 'assistant'::text))) EXECUTE FUNCTION public.feedback_copy_rewritten();
CREATE TRIGGER feedback_copy_taken_back AFTER DELETE ON public.feedback_rating FOR EACH ROW EXECUTE FUNCTION public.feedback_copy_taken_back();
CREATE TRIGGER feedback_copy_taken_over AFTER UPDATE OF user_id, message_id ON public.feedback_rating FOR EACH ROW WHEN (((old.user_id IS DISTINCT FROM new.user_id) OR (old.message_id IS DISTINCT FROM new.message_id))) EXECUTE FUNCTION public.feedback_copy_taken_over();
CREATE TRIGGER feedback_copy_turned AFTER UPDATE OF value ON public.feedback_rating FOR EACH ROW WHEN ((old.value IS DISTINCT FROM new.value)) EXECUTE FUNCTION public.feedback_copy_turned();
CREATE TRIGGER feedback_tally_ended AFTER UPDATE OF role, status, text, created_at, prompt_version_id ON public.chatapp_message FOR EACH ROW WHEN ((((((old.role)::text = 'assistant'::text) AND ((old.status)::text = ANY ((ARRAY['complete'::character varying, 'stopped'::character varying, 'interrupted'::character varying])::text[])) AND (old.text <> ''::text)) <> (((new.role)::text = 'assistant'::text) AND ((new.status)::text = ANY ((ARRAY['complete'::character varying, 'stopped'::character varying, 'interrupted'::character varying])::text[])) AND (new.text <> ''::text))) OR (((new.role)::text = 'assistant'::text) AND ((new.status)::text = ANY ((ARRAY['complete'::character varying, 'stopped'::character varying, 'interrupted'::character varying])::text[])) AND (new.text <> ''::text) AND ((old.created_at <> new.created_at) OR (COALESCE(old.prompt_version_id, (0)::bigint) <> COALESCE(new.prompt_version_id, (0)::bigint)))))) EXECUTE FUNCTION public.feedback_tally_ended();
CREATE TRIGGER feedback_tally_given AFTER INSERT ON public.feedback_rating FOR EACH ROW EXECUTE FUNCTION public.feedback_tally_given();
CREATE TRIGGER feedback_tally_kept AFTER UPDATE OF deleted_at, is_temporary, user_id ON public.chatapp_conversation FOR EACH ROW WHEN ((((old.deleted_at IS NULL) <> (new.deleted_at IS NULL)) OR (old.is_temporary <> new.is_temporary) OR (old.user_id <> new.user_id))) EXECUTE FUNCTION public.feedback_tally_kept();
CREATE TRIGGER feedback_tally_known AFTER UPDATE OF is_guest ON public.chatapp_user FOR EACH ROW WHEN ((old.is_guest <> new.is_guest)) EXECUTE FUNCTION public.feedback_tally_known();
CREATE TRIGGER feedback_tally_moved AFTER UPDATE OF conversation_id ON public.chatapp_message FOR EACH ROW WHEN ((old.conversation_id <> new.conversation_id)) EXECUTE FUNCTION public.feedback_tally_moved();
CREATE TRIGGER feedback_tally_reasoned AFTER INSERT ON public.feedback_rating_reasons FOR EACH ROW EXECUTE FUNCTION public.feedback_tally_reasoned();
CREATE TRIGGER feedback_tally_reworded AFTER UPDATE ON public.feedback_rating_reasons FOR EACH ROW EXECUTE FUNCTION public.feedback_tally_reworded();
CREATE TRIGGER feedback_tally_taken_back AFTER DELETE ON public.feedback_rating FOR EACH ROW EXECUTE FUNCTION public.feedback_tally_taken_back();
CREATE TRIGGER feedback_tally_taken_over AFTER UPDATE OF message_id ON public.feedback_rating FOR EACH ROW WHEN ((old.message_id <> new.message_id)) EXECUTE FUNCTION public.feedback_tally_taken_over();
CREATE TRIGGER feedback_tally_turned AFTER UPDATE OF value ON public.feedback_rating FOR EACH ROW WHEN ((COALESCE((old.value)::integer, 0) <> COALESCE((new.value)::integer, 0))) EXECUTE FUNCTION public.feedback_tally_turned();
CREATE TRIGGER feedback_tally_unreasoned AFTER DELETE ON public.feedback_rating_reasons FOR EACH ROW EXECUTE FUNCTION public.feedback_tally_unreasoned();
CREATE TRIGGER feedback_tally_unwritten AFTER DELETE ON public.chatapp_message REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.feedback_tally_unwritten();
CREATE TRIGGER feedback_tally_written AFTER INSERT ON public.chatapp_message FOR EACH ROW WHEN ((((new.role)::text = 'assistant'::text) AND ((new.status)::text = ANY ((ARRAY['complete'::character varying, 'stopped'::character varying, 'interrupted'::character varying])::text[])) AND (new.text <> ''::text))) EXECUTE FUNCTION public.feedback_tally_written();
ALTER TABLE ONLY public.account_emailaddress
    ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_chatapp_user_id FOREIGN KEY (user_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.account_emailconfirmation
    ADD CONSTRAINT account_emailconfirm_email_address_id_5b7f8c58_fk_account_e FOREIGN KEY (email_address_id) REFERENCES public.account_emailaddress(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.chatapp_conversation
    ADD CONSTRAINT chatapp_conversation_assistant_id_00391965_fk_chatapp_a FOREIGN KEY (assistant_id) REFERENCES public.chatapp_assistant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.chatapp_conversation
    ADD CONSTRAINT chatapp_conversation_head_id_6bb999c2_fk_chatapp_message_id FOREIGN KEY (head_id) REFERENCES public.chatapp_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.chatapp_conversation
    ADD CONSTRAINT chatapp_conversation_user_id_131e8fe1_fk_chatapp_user_id FOREIGN KEY (user_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.chatapp_message
    ADD CONSTRAINT chatapp_message_conversation_id_751b6c97_fk_chatapp_c FOREIGN KEY (conversation_id) REFERENCES public.chatapp_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.chatapp_message
    ADD CONSTRAINT chatapp_message_parent_id_80db941e_fk_chatapp_message_id FOREIGN KEY (parent_id) REFERENCES public.chatapp_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.chatapp_message
    ADD CONSTRAINT chatapp_message_prompt_version_id_be75c210_fk_chatapp_p FOREIGN KEY (prompt_version_id) REFERENCES public.chatapp_promptversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.chatapp_promptversion
    ADD CONSTRAINT chatapp_promptversio_assistant_id_7b79e453_fk_chatapp_a FOREIGN KEY (assistant_id) REFERENCES public.chatapp_assistant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.chatapp_promptversion
    ADD CONSTRAINT chatapp_promptversion_author_id_5c0ac201_fk_chatapp_user_id FOREIGN KEY (author_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.chatapp_sharedcopy
    ADD CONSTRAINT chatapp_sharedcopy_conversation_id_03c1c23b_fk_chatapp_c FOREIGN KEY (conversation_id) REFERENCES public.chatapp_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.chatapp_user_groups
    ADD CONSTRAINT chatapp_user_groups_group_id_8499487d_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.chatapp_user_groups
    ADD CONSTRAINT chatapp_user_groups_user_id_4fe54325_fk_chatapp_user_id FOREIGN KEY (user_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.chatapp_user_user_permissions
    ADD CONSTRAINT chatapp_user_user_pe_permission_id_b6a2a8b1_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.chatapp_user_user_permissions
    ADD CONSTRAINT chatapp_user_user_pe_user_id_dc417c1b_fk_chatapp_u FOREIGN KEY (user_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_chatapp_user_id FOREIGN KEY (user_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_bulkact
    ADD CONSTRAINT feedback_bulkact_by_id_ae657c6a_fk_chatapp_user_id FOREIGN KEY (by_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_bulkpart
    ADD CONSTRAINT feedback_bulkpart_bulk_id_e75e8438_fk_feedback_bulkact_id FOREIGN KEY (bulk_id) REFERENCES public.feedback_bulkact(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_copied
    ADD CONSTRAINT feedback_copied_answer_id_c5728f01_fk_chatapp_message_id FOREIGN KEY (answer_id) REFERENCES public.chatapp_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_decision
    ADD CONSTRAINT feedback_decision_by_id_fc55f3ee_fk_chatapp_user_id FOREIGN KEY (by_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_decision
    ADD CONSTRAINT feedback_decision_review_id_3b144f24_fk_feedback_review_id FOREIGN KEY (review_id) REFERENCES public.feedback_review(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_decision
    ADD CONSTRAINT feedback_decision_undoes_id_b196dc6f_fk_feedback_decision_id FOREIGN KEY (undoes_id) REFERENCES public.feedback_decision(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_delivery
    ADD CONSTRAINT feedback_delivery_rating_id_86301b2f_fk_feedback_rating_id FOREIGN KEY (rating_id) REFERENCES public.feedback_rating(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_export
    ADD CONSTRAINT feedback_export_by_id_38aaba22_fk_chatapp_user_id FOREIGN KEY (by_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_grouprules
    ADD CONSTRAINT feedback_grouprules_group_id_be458c33_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_mention
    ADD CONSTRAINT feedback_mention_by_id_0d887492_fk_chatapp_user_id FOREIGN KEY (by_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_mention
    ADD CONSTRAINT feedback_mention_opinion_id_f3ae1868_fk_feedback_opinion_id FOREIGN KEY (opinion_id) REFERENCES public.feedback_opinion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_mention
    ADD CONSTRAINT feedback_mention_review_id_a2e25b40_fk_feedback_review_id FOREIGN KEY (review_id) REFERENCES public.feedback_review(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_mention
    ADD CONSTRAINT feedback_mention_to_id_3326a5fb_fk_chatapp_user_id FOREIGN KEY (to_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_opinion
    ADD CONSTRAINT feedback_opinion_by_id_51e084c7_fk_chatapp_user_id FOREIGN KEY (by_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_opinion
    ADD CONSTRAINT feedback_opinion_category_id_adbd515e_fk_feedback_category_id FOREIGN KEY (category_id) REFERENCES public.feedback_category(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_opinion
    ADD CONSTRAINT feedback_opinion_review_id_e980f9a3_fk_feedback_review_id FOREIGN KEY (review_id) REFERENCES public.feedback_review(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_rating
    ADD CONSTRAINT feedback_rating_assistant_id_41078f22_fk_chatapp_assistant_id FOREIGN KEY (assistant_id) REFERENCES public.chatapp_assistant(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_rating
    ADD CONSTRAINT feedback_rating_message_id_c9b9ad05_fk_chatapp_message_id FOREIGN KEY (message_id) REFERENCES public.chatapp_message(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_rating_reasons
    ADD CONSTRAINT feedback_rating_reas_rating_id_ea330662_fk_feedback_ FOREIGN KEY (rating_id) REFERENCES public.feedback_rating(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_rating_reasons
    ADD CONSTRAINT feedback_rating_reas_reason_id_e8822847_fk_feedback_ FOREIGN KEY (reason_id) REFERENCES public.feedback_reason(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_rating
    ADD CONSTRAINT feedback_rating_user_id_75b4fd2e_fk_chatapp_user_id FOREIGN KEY (user_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_rating
    ADD CONSTRAINT feedback_rating_version_id_0e3c253f_fk_chatapp_promptversion_id FOREIGN KEY (version_id) REFERENCES public.chatapp_promptversion(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_readinglog
    ADD CONSTRAINT feedback_readinglog_conversation_id_d365ea7b_fk_chatapp_c FOREIGN KEY (conversation_id) REFERENCES public.chatapp_conversation(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_readinglog
    ADD CONSTRAINT feedback_readinglog_rating_id_b1ce7ac4_fk_feedback_rating_id FOREIGN KEY (rating_id) REFERENCES public.feedback_rating(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_readinglog
    ADD CONSTRAINT feedback_readinglog_reader_id_98afa30f_fk_chatapp_user_id FOREIGN KEY (reader_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_review
    ADD CONSTRAINT feedback_review_assignee_id_693c90d9_fk_chatapp_user_id FOREIGN KEY (assignee_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_review
    ADD CONSTRAINT feedback_review_category_id_746cc035_fk_feedback_category_id FOREIGN KEY (category_id) REFERENCES public.feedback_category(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_review
    ADD CONSTRAINT feedback_review_holder_id_60c14eaf_fk_chatapp_user_id FOREIGN KEY (holder_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_review
    ADD CONSTRAINT feedback_review_rating_id_df81259f_fk_feedback_rating_id FOREIGN KEY (rating_id) REFERENCES public.feedback_rating(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.feedback_savedfilter
    ADD CONSTRAINT feedback_savedfilter_owner_id_7341b687_fk_chatapp_user_id FOREIGN KEY (owner_id) REFERENCES public.chatapp_user(id) DEFERRABLE INITIALLY DEFERRED;
