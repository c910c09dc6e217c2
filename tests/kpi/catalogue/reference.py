"""The 106 KPI codes of the reference: the published table with its companions, by perspective."""

FINANCIAL = """
    department_expense_budget_rate project_rd_expense_budget_rate research_topic_expense_budget_rate
    recruiting_expense_budget_rate training_expense_budget_rate new_product_rd_expense_budget_rate
    underwriting_profit_mortality risk_loss_ratio embedded_value_increase staff_cost_control_rate
    standard_premium_attainment extra_commission_to_standard_premium renewal_drive_expense_rate
    business_drive_expense_rate company_expense_budget_rate office_property_expense_budget_rate
    vehicle_expense_budget_rate party_office_expense_budget_rate party_union_expense_budget_rate
    daily_office_expense_budget_rate net_yield_vs_benchmark net_investment_yield sales_target_attainment
    product_service_revenue_attainment claim_rate financial_budget_control_rate payroll_budget_rate
    investment_return_rate bad_debt_ratio_vs_benchmark solvency_legacy combined_ratio comprehensive_loss_ratio
    comprehensive_expense_ratio new_business_value core_solvency_ratio comprehensive_solvency_ratio return_on_equity
"""

CUSTOMER = """
    packaging_satisfaction key_product_market_share public_relations_effect complaint_resolution_rate
    complaint_resolution_time agency_plan_attainment new_business_market_share new_business_growth
    agent_retention_13m new_business_plan_completion renewal_rate_short_term occupancy_rate market_awareness
    persistency_13m_premium persistency_25m_premium cooling_off_cancellation_rate
"""

INTERNAL = """
    legal_document_quality audit_opinion_constructiveness audit_plan_quality quality_manual_upkeep
    appraisal_on_time_rate network_security analysis_proposal_quality case_handling_time statistics_quality
    foreign_affairs_information foreign_reception_quality foreign_archive_quality translation_quality
    safe_driving_rate stock_paperwork_completeness bookkeeping_errors safety_incidents branch_party_building
    staff_activities_welfare process_documentation_rate payroll_error_rate appeal_handling_rate time_to_fill
    headcount_control_rate company_goal_completion_rate extra_budget_compliance_rate crisis_handling_success_rate
    claim_cycle_days claim_closure_rate timely_registration_rate claim_estimate_abs_deviation
    underwriting_error_rate issue_within_5_days_rate policy_change_in_3_days_rate problem_case_ratio
    issued_to_received_premium cooling_off_callback_rate document_error_rate agent_activity_rate policies_per_agent
    first_year_commission_per_agent
"""

LEARNING = """
    employee_satisfaction staff_turnover_rate core_staff_turnover_rate training_plan_completion_rate
    qualification_rate training_satisfaction successor_fill_rate training_hours_per_employee agent_licence_rate
    personal_training_attendance_rate department_training_completion_rate suggestions_adopted
"""

CODES = [code for codes in (FINANCIAL, CUSTOMER, INTERNAL, LEARNING) for code in codes.split()]
